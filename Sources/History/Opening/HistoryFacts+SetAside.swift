package import Backups
import Foundation

extension HistoryFacts.SetAside {
    /// The newest damaged history that was set aside beside the one at `history` and still lies there; `nil` when there is
    /// none.
    package static func newest(beside history: String) -> HistoryFacts.SetAside? {
        let slash = history.lastIndex(of: "/") ?? history.startIndex
        let directory = String(history[..<slash])
        let prefix = history[slash...].drop { $0 == "/" } + HistoryFile.asideMark
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory.isEmpty ? "/" : directory)) ?? []
        return names.compactMap { name -> HistoryFacts.SetAside? in
            guard name.hasPrefix(prefix), let moment = moment(name.dropFirst(prefix.count)) else { return nil }
            return HistoryFacts.SetAside(path: "\(directory)/\(name)", at: moment)
        }.max { ($0.at, $0.path) < ($1.at, $1.path) }
    }

    /// `20261104T010000Z`, and a number behind it where there were two in that second. Logs and indexes are no files of their
    /// own.
    private static func moment(_ stamp: Substring) -> Timestamp? {
        guard let parts = stamp.wholeMatch(of: /(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(?:\.\d+)?Z(?:-\d+)?/) else {
            return nil
        }
        return Timestamp("\(parts.1)-\(parts.2)-\(parts.3)T\(parts.4):\(parts.5):\(parts.6)Z")
    }
}
