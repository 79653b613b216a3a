import Backups

/// The content of one member of a tar archive.
final class TarMemberContent: ByteReader {
    private let input: ArchiveInput
    private let name: String
    private var rest: UInt64

    init(_ member: TarMember, in input: ArchiveInput) {
        self.input = input
        name = member.name
        rest = member.size
    }

    func read(into target: UnsafeMutableRawBufferPointer) throws -> Int {
        let wanted = Int(min(UInt64(target.count), rest))
        guard wanted > 0 else { return 0 }
        let count = try input.read(into: UnsafeMutableRawBufferPointer(rebasing: target[..<wanted]))
        guard count > 0 else { throw input.cut("the member \(name)") }
        rest -= UInt64(count)
        return count
    }

    /// Goes to the end.
    func skip() throws {
        while rest > 0 {
            let count = Int(min(UInt64(try input.peek().count), rest))
            guard count > 0 else { throw input.cut("the member \(name)") }
            input.advance(count)
            rest -= UInt64(count)
        }
    }
}
