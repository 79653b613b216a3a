import Backups
import Glibc
import TestSupport

/// Where the backups of simulated databases lie: real files, whose times are those of the simulation.
struct BackupShelf {
    /// The last line of a backup that is whole.
    static let ending = "-- whole\n"

    let path: String

    init(in directory: TemporaryDirectory) {
        path = directory.file("backups")
        mkdir(path, 0o755)
    }

    /// - Parameters:
    ///   - data: the moment whose data it shows; part of its name.
    ///   - written: when it was last written to.
    ///   - isWhole: with its last line.
    func place(_ database: String, data: Timestamp, written: Timestamp, bytes: Int, isWhole: Bool = true) throws {
        let ending = isWhole ? Self.ending : ""
        let text = String(repeating: "x", count: max(0, bytes - ending.utf8.count)) + ending
        let file = file(database, data)
        try TestFile.write(Array(text.utf8), to: file)
        try Self.setTime(of: file, written)
    }

    /// When a file was written to last.
    static func setTime(of file: String, _ moment: Timestamp) throws {
        var times = [timespec(), timespec()]
        for index in times.indices { times[index].tv_sec = Int(moment.seconds) }
        guard utimensat(AT_FDCWD, file, times, 0) == 0 else { throw TestFailure("the time of \(file) can't be set") }
    }

    func remove(_ database: String, data: Timestamp) { unlink(file(database, data)) }

    func removeAll(_ database: String) throws {
        for name in try Tool.run("ls", [path]).outputText.split(separator: "\n") where name.hasPrefix("\(database)-") {
            unlink("\(path)/\(name)")
        }
    }

    /// A location that can't be listed, until it is put back.
    func takeAway() { rename(path, path + ".away") }
    func putBack() { rename(path + ".away", path) }

    private func file(_ database: String, _ data: Timestamp) -> String {
        let digits = data.description.filter(\.isNumber)
        return "\(path)/\(database)-\(digits.prefix(8))-\(digits.suffix(6)).sql"
    }
}
