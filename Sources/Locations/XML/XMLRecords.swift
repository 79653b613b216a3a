/// A listing in XML: elements of one name, each with fields, among fields of the listing itself. Deeper ones are passed
/// over.
struct XMLRecords {
    /// By the name of the element.
    private(set) var page: [String: String] = [:]
    private(set) var records: [[String: String]] = []

    /// - Throws: ``XMLReader/Flaw``.
    init(_ bytes: [UInt8], of record: String) throws {
        var reader = XMLReader(bytes)
        var path: [String] = []
        var text = ""
        var fields: [String: String] = [:]
        while let event = try reader.next() {
            switch event {
            case .begin(let name):
                path.append(name)
                text = ""
                if path.count == 2, name == record { fields = [:] }
            case .text(let piece): text += piece
            case .end(let name):
                switch path.count {
                case 2 where name == record: records.append(fields)
                case 2: page[name] = text
                case 3 where path[1] == record: fields[name] = text
                default: break
                }
                path.removeLast()
                text = ""
            }
        }
    }
}
