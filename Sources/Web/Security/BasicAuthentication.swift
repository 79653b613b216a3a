import Synchronization

/// HTTP's basic authentication (RFC 7617) against bcrypt hashes.
///
/// A password that was right once is remembered by a keyed digest, so that a scrape costs no bcrypt; a wrong one always
/// costs it, and so does a user who does not exist.
final class BasicAuthentication: Sendable {
    enum Answer: Sendable, Equatable {
        case granted
        case denied
        /// Too many are waiting to be checked.
        case busy
    }

    private let users: [String: PasswordHash]
    private let stranger: PasswordHash?
    private let thread: PasswordThread
    private let key: [UInt8]
    private let known = Mutex<[String: [UInt8]]>([:])

    /// - Parameter users: hashes by name; at least one.
    init(users: [String: PasswordHash], thread: PasswordThread = PasswordThread()) {
        self.users = users
        self.thread = thread
        stranger = PasswordHash.unmatched(cost: users.values.map(\.cost).max() ?? 10)
        var random = SystemRandomNumberGenerator()
        key = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) }
    }

    /// - Parameter authorization: the header, where the client sent one.
    func check(_ authorization: String?) async -> Answer {
        guard let authorization, let credentials = Credentials(authorization) else { return .denied }
        let digest = Fingerprint.sha256(key + Array(credentials.user.utf8) + [0] + credentials.password)
        if let digest, known.withLock({ $0[credentials.user] == digest }) { return .granted }
        let hash = users[credentials.user]
        guard let tried = hash ?? stranger else { return .denied }
        guard let isRight = await thread.tries(credentials.password, against: tried) else { return .busy }
        guard hash != nil, isRight else { return .denied }
        if let digest { known.withLock { $0[credentials.user] = digest } }
        return .granted
    }
}

/// A user and a password as the header carries them.
struct Credentials: Equatable {
    let user: String
    let password: [UInt8]

    /// - Returns: `nil` where the header is of another scheme, or not in order.
    init?(_ authorization: String) {
        let parts = authorization.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "basic", let bytes = Base64.decoded(parts[1]),
            let colon = bytes.firstIndex(of: UInt8(ascii: ":")),
            let user = String(validating: bytes[..<colon], as: UTF8.self)
        else { return nil }
        self.user = user
        password = Array(bytes[(colon + 1)...])
    }
}
