package import Backups
import Glibc
import History
package import Settings

/// Removes a database from the history, and so from the metrics, whether a daemon has the history open or not.
/// Blocking.
package struct Forgetting {
    /// Why a database is not forgotten.
    package struct Refusal: Error, Equatable {
        /// One sentence without its full stop.
        package let message: String
        package let hint: String
    }

    private let name: String
    private let configuration: Configuration
    private let clock: @Sendable () -> Timestamp
    private let patience: Duration

    /// - Parameters:
    ///   - name: of the database.
    ///   - patience: how long a daemon is waited for.
    package init(
        _ name: String, configuration: Configuration, patience: Duration = .seconds(30),
        clock: @escaping @Sendable () -> Timestamp = { .now() }
    ) {
        self.name = name
        self.configuration = configuration
        self.patience = patience
        self.clock = clock
    }

    private var history: String { configuration.daemon.history }

    /// What would be lost; `nil` for a database that is not known.
    /// - Throws: ``Refusal``, or ``Obstacle`` when the history can't be read.
    package func holdings() throws -> HistoryHoldings? {
        guard access(history, F_OK) == 0 else { return nil }
        let holdings =
            SQLiteHistory.isOpen(path: history)
            ? try HistoryVisitor(path: history).holdings(of: name) : try opened { try $0.holdings(of: name) }
        if holdings != nil { try check() }
        return holdings
    }

    /// Forgets it.
    /// - Throws: ``Refusal``, or ``Obstacle`` when the history can't be written.
    package func run() throws {
        try check()
        guard SQLiteHistory.isOpen(path: history) else { return try opened { try $0.forget(name) } }
        let visitor = try HistoryVisitor(path: history)
        try visitor.ask(toForget: name, at: clock())
        let deadline = ContinuousClock.now + patience
        while ContinuousClock.now < deadline {
            switch try visitor.answer(of: name) {
            case .forgotten: return
            case .refused(let why):
                try visitor.withdraw(name)
                throw Refusal(message: why, hint: Self.hint)
            case .pending: usleep(50_000)
            }
        }
        try visitor.withdraw(name)
        throw Refusal(
            message: "the process that has the history \(history) open does not answer",
            hint: "A verification of \(name) may be running: wait for its end, or end the daemon, and try again.")
    }

    private func opened<Value>(_ work: (SQLiteHistory) throws -> Value) throws -> Value {
        let (store, _) = try SQLiteHistory.open(path: history, now: clock(), settingAside: false)
        let result = Result { try work(store) }
        try store.close()
        return try result.get()
    }

    /// As the configuration and the locations say it; a daemon decides for itself.
    private func check() throws {
        if configuration.databases.contains(where: { $0.name == name }) {
            throw Refusal(message: Self.configured(name), hint: Self.hint)
        }
        var reader = CatalogReader()
        let finders = configuration.databases.filter { $0.discovers && $0.captured(from: name) != nil }
        for finding in reader.read(finders) {
            let location = finding.entry.backups.location
            switch finding.databases {
            case .failure: throw Refusal(message: Self.unknown(name, location), hint: Self.hint)
            case .success(let databases):
                if databases.contains(where: { $0.database.name == name }) {
                    throw Refusal(message: Self.comesBack(name, location), hint: Self.hint)
                }
                if let closed = finding.unseen { throw Refusal(message: Self.unknown(name, closed), hint: Self.hint) }
            }
        }
    }

    private static let hint =
        "Only a database without backups that is not configured by name can be forgotten: remove its entry, or its backups."

    static func configured(_ name: String) -> String { "\(name) stands in the configuration by its name" }

    static func comesBack(_ name: String, _ location: String) -> String {
        "\(location) has backups of \(name), which would bring it back at once"
    }

    static func unknown(_ name: String, _ location: String) -> String {
        "\(location) can't be listed, and may have backups of \(name)"
    }
}
