import CCrypt
import Glibc

/// A password as bcrypt keeps it: `$2y$10$` and the cost, 22 letters of salt, 31 letters of hash.
struct PasswordHash: Sendable, Equatable {
    let text: String
    /// Base-2 logarithm of the rounds, 4 to 31.
    let cost: Int

    /// - Returns: `nil` for text that is no hash of bcrypt's.
    init?(_ text: String) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0].isEmpty, ["2a", "2b", "2y"].contains(parts[1]), parts[2].utf8.count == 2,
            let cost = Int(parts[2]), (4...31).contains(cost), parts[3].utf8.count == 53,
            parts[3].utf8.allSatisfy({ Self.letters.contains($0) })
        else { return nil }
        self.text = text
        self.cost = cost
    }

    /// A hash that no password is known to have, which takes as long to try as any other of this cost.
    static func unmatched(cost: Int) -> PasswordHash? {
        PasswordHash("$2y$\(cost < 10 ? "0" : "")\(cost)$" + String(repeating: ".", count: 53))
    }

    private static let letters = Set("./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)

    /// Whether `password` is the one. Takes long on purpose: never called on an event loop or the cooperative pool.
    ///
    /// `crypt_rn` (libxcrypt's crypt(3)) ends a password at its first NUL, and bcrypt at 72 bytes.
    func matches(_ password: [UInt8]) -> Bool {
        guard !password.contains(0) else { return false }
        let size = Int(MemoryLayout<crypt_data>.size)
        let workspace = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
        workspace.initializeMemory(as: UInt8.self, repeating: 0, count: size)
        defer {
            explicit_bzero(workspace, size)
            workspace.deallocate()
        }
        let phrase = password.map { CChar(bitPattern: $0) } + [0]
        guard let result = crypt_rn(phrase, text, workspace, Int32(size)) else { return false }
        let computed = Array(String(cString: result).utf8)
        let wanted = Array(text.utf8)
        guard computed.count == wanted.count else { return false }
        return zip(computed, wanted).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
