import Backups
import Daemon
import Processes
import Reports
import Settings

/// A backup on another machine, whose clock may be another one than ours: that it is finished shows when it is still the same a
/// minute after it was found.
struct SecondLook: Sendable {
    let backup: BackupIdentity
    let settings: DatabaseSettings
    let firstSeen: ContinuousClock.Instant
    /// What lies at the location now; `nil` where that can't be told.
    var find: @Sendable (DatabaseSettings) -> Set<BackupIdentity>? = Self.found
    /// Waits; `false` when that was cut short.
    var wait: @Sendable (Duration, Cancellation) -> Bool = Self.wait
    var tell: @Sendable (String) -> Void = Self.tell

    /// Waits until the minute is over, and looks again.
    func hasHeldStill(_ cancellation: Cancellation) -> Bool {
        let left = firstSeen + .seconds(Catalog.quiet) - .now
        if left > .zero {
            let seconds = Quantity.duration(seconds: left.totalSeconds.rounded(.up))
            tell(
                "\(backup.name) lies on another machine and may still be written to: waiting \(seconds) to see whether it "
                    + "holds still")
            guard wait(left, cancellation) else { return false }
        }
        return find(settings)?.contains(backup) ?? false
    }

    private static func found(_ settings: DatabaseSettings) -> Set<BackupIdentity>? {
        var reader = CatalogReader()
        guard let finding = reader.read([settings]).first, let found = try? finding.databases.get() else { return nil }
        return Set(found.flatMap(\.candidates).map(\.entry.identity))
    }

    private static func wait(_ duration: Duration, _ cancellation: Cancellation) -> Bool {
        let ended = SignalledOnce<Void>()
        let token = cancellation.onCancel { ended.set(()) }
        defer { cancellation.removeHandler(token) }
        return ended.wait(for: duration) == nil
    }

    /// A line of progress may stand where it goes.
    private static func tell(_ sentence: String) {
        let wipe = StandardStream.error.canRedraw ? "\r\u{1B}[K" : ""
        StandardStream.error.write("\(wipe)restorable: \(PrintableText.line(sentence))\n")
    }
}
