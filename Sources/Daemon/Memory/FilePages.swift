/// What of this process' memory is nothing but a view of files.
enum FilePages {
    /// Mappings of files that can't be written to and hold no page of the process' own: dropping their pages loses nothing.
    /// What the linker changed before it took away the right to write (`.data.rel.ro`) has pages of its own, and is not
    /// among them.
    /// - Parameter smaps: the text of `/proc/PID/smaps`, proc_pid_smaps(5).
    static func unchanged(in smaps: String) -> [Range<UInt>] {
        var found: [Range<UInt>] = []
        var candidate: Range<UInt>?
        var isLastFound = false
        for line in smaps.utf8.split(separator: UInt8(ascii: "\n")) {
            if line.starts(with: "Anonymous:".utf8) {
                if let candidate, !holdsSomething(line) {
                    found.append(candidate)
                    isLastFound = true
                }
                candidate = nil
            } else if line.starts(with: "Swap:".utf8) {
                // Pages of its own that were swapped out are not counted as anonymous, and would be lost all the same.
                if isLastFound, holdsSomething(line) { found.removeLast() }
                isLastFound = false
            } else if let first = line.first, !(UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(first) {
                candidate = mapping(Substring(line))
                isLastFound = false
            }
        }
        return found
    }

    private static func holdsSomething(_ line: Substring.UTF8View) -> Bool {
        line.contains { (UInt8(ascii: "1")...UInt8(ascii: "9")).contains($0) }
    }

    /// Reads `55d0c0e00000-55d0c0f00000 r-xp 00000000 08:01 1234 /usr/bin/x`.
    /// - Returns: `nil` for one that may be written to, or is of no file.
    private static func mapping(_ line: Substring) -> Range<UInt>? {
        let fields = line.split(separator: " ", maxSplits: 5)
        guard fields.count == 6, fields[4] != "0", !fields[1].contains("w"),
            fields[5].drop(while: { $0 == " " }).hasPrefix("/")
        else {
            return nil
        }
        let bounds = fields[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
        guard bounds.count == 2, bounds[0] < bounds[1] else { return nil }
        return bounds[0]..<bounds[1]
    }
}
