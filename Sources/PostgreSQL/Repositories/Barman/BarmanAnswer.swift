import FoundationEssentials

/// What a command of Barman says in JSON of one server. Beside the servers stand lists of its own messages, with a line for each
/// word in its configuration that it does not know (`JsonOutputWriter` of barman/output.py).
struct BarmanAnswer<Value: Decodable>: Decodable {
    private struct Name: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    private let servers: [String: Value]

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Name.self)
        var servers: [String: Value] = [:]
        for key in container.allKeys where !key.stringValue.hasPrefix("_") {
            servers[key.stringValue] = try container.decode(Value.self, forKey: key)
        }
        self.servers = servers
    }

    /// - Returns: `nil` where nothing can be understood, or nothing is said of that server.
    static func read(_ bytes: [UInt8], of server: String) -> Value? {
        (try? JSONDecoder().decode(Self.self, from: Data(bytes)))?.servers[server]
    }
}
