import TestSupport

/// A copy of a backup with one damage in it: of a directory, in one of its files.
struct DamagedCopy: CustomStringConvertible {
    let path: String
    let description: String
    private let directory: TemporaryDirectory

    /// One bit, any one.
    static func flippingABit(
        of original: String, _ generator: inout SeededGenerator
    ) throws -> DamagedCopy {
        try DamagedCopy(of: original, slack: 0, &generator) { .flipBit(UInt64($0) * 8 + $1 % 8) }
    }

    /// Everything from some byte of a file on is missing.
    /// - Parameter slack: the last bytes, which are not missed.
    static func cutting(
        _ original: String, slack: Int, _ generator: inout SeededGenerator
    ) throws -> DamagedCopy {
        try DamagedCopy(of: original, slack: slack, &generator) { offset, _ in .cut(at: offset) }
    }

    /// - Parameter damage: from a place in a file, and a number by chance.
    private init(
        of original: String, slack: Int, _ generator: inout SeededGenerator, _ damage: (Int, UInt64) -> Damage
    ) throws {
        directory = try TemporaryDirectory()
        path = directory.file(original.split(separator: "/").last.map(String.init) ?? "copy")
        // Of a file it lists that file alone, under an empty name.
        let names = try Tool.run("/usr/bin/find", [original, "-type", "f", "-printf", "/%P\n"]).outputText
            .split(separator: "\n").map { $0 == "/" ? "" : String($0) }.sorted()
        try Tool.run("/bin/cp", ["-r", original, path])
        // The place is one among the bytes of all files: large ones are hit as often as they are.
        let sizes = try names.map { try TestFile.size(original + $0) }
        var place = Int(generator.next() % UInt64(sizes.reduce(0, +) - slack))
        let random = generator.next()
        for (name, size) in zip(names, sizes) {
            if place >= size {
                place -= size
                continue
            }
            let damage = damage(place, random)
            description = "\(name.isEmpty ? "" : "\(name): ")\(damage)"
            try damage.copy(original + name, to: path + name)
            return
        }
        throw TestFailure("\(original) has no files")
    }
}
