import Glibc

/// Looks at files as somebody who is not root, to whom not everything is open.
package enum OtherUser {
    /// Runs `body` with the rights to files of a user who owns none. The other threads keep theirs (setfsuid(2)).
    package static func run<Value>(_ body: () throws -> Value) throws -> Value {
        guard geteuid() == 0 else { return try body() }
        // Not imported from sys/fsuid.h.
        guard let symbol = dlsym(nil, "setfsuid") else { throw TestFailure("there is no setfsuid") }
        let setfsuid = unsafeBitCast(symbol, to: (@convention(c) (UInt32) -> Int32).self)
        _ = setfsuid(65_534)
        defer { _ = setfsuid(0) }
        return try body()
    }
}
