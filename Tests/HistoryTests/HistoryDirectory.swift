import Backups
import Foundation
import Glibc
import History

/// A directory for the history of one test; it goes with the object.
final class HistoryDirectory: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "restorable-history-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    var file: String { path + "/history.sqlite" }

    func open(now: Timestamp = .day(0)) throws -> SQLiteHistory {
        try SQLiteHistory.open(path: file, now: now).0
    }

    func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    }

    static func mode(of path: String) -> UInt32 {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & 0o777 : 0
    }
}

extension Timestamp {
    /// Midnight of a day in November 2026.
    static func day(_ number: Int, hour: Int = 0) -> Timestamp {
        Timestamp(seconds: 1_793_491_200 + Int64(number) * 86_400 + Int64(hour) * 3600)
    }
}
