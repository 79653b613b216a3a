import Glibc

extension TimeZoneRules {
    /// Where the IANA time zone database lies on Linux.
    package static let systemDirectory = "/usr/share/zoneinfo"

    /// Reads the zone `name` of the IANA database: `Europe/Berlin`. `UTC` needs no file.
    ///
    /// Blocking, for a small file. Names are taken as they are written: no abbreviations (`CEST`), no `TZ` strings.
    /// - Throws: ``ScheduleProblem`` for an unknown name, and when the database is missing.
    package init(named name: String, directory: String = systemDirectory) throws {
        if name == "UTC" || name == "Etc/UTC" {
            self = TimeZoneRules(name: name, initialOffset: 0, transitions: [], annualRule: nil)
            return
        }
        let problem = "\"\(name)\" is no time zone: write UTC or a name such as Europe/Berlin"
        let isPlain = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: Array("/_+-".utf8).contains(byte)
            }
        }
        guard isPlain, !name.isEmpty, !name.hasPrefix("/") else { throw ScheduleProblem(problem) }
        guard let bytes = Self.bytes(of: "\(directory)/\(name)") else {
            throw ScheduleProblem(
                access(directory, F_OK) == 0
                    ? problem : "the time zone database is missing from \(directory): install tzdata, or write UTC")
        }
        do {
            let file = try TimeZoneFile(bytes)
            self.init(
                name: name, initialOffset: file.initialOffset, transitions: file.transitions,
                annualRule: file.annualRule)
        } catch let flaw as ScheduleProblem {
            throw ScheduleProblem("\(problem) (\(directory)/\(name): \(flaw.message))")
        }
    }

    /// - Returns: `nil` for what can't be read, is a directory or larger than any zone (64 KiB).
    private static func bytes(of path: String) -> [UInt8]? {
        guard let file = fopen(path, "re") else { return nil }
        defer { fclose(file) }
        let limit = 65_536
        var isComplete = false
        let bytes = [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
            count = fread(buffer.baseAddress, 1, limit, file)
            isComplete = ferror(file) == 0 && count < limit
        }
        return isComplete ? bytes : nil
    }
}
