import Glibc
import TestSupport

/// A program that stands in `PATH` before another one, whose work it does; but some of it is done as a test wants it.
struct FrontProgram {
    /// The directory that comes first in `path`.
    private let place: String
    private let directory: TemporaryDirectory

    var path: String { "\(place):/usr/bin:/bin" }

    /// - Parameters:
    ///   - program: of `/usr/bin`.
    ///   - script: of a shell, run with the program's arguments before the program itself; `stand_still` says so and stops there.
    init(_ program: String, _ script: String, in directory: TemporaryDirectory) throws {
        (place, self.directory) = (directory.file("front"), directory)
        mkdir(place, 0o755)
        let file = try directory.write(
            """
            #!/bin/sh
            stand_still() {
                echo $$ >"\(directory.file("reached.part"))" && mv "\(directory.file("reached.part"))" "\(directory.file("reached"))"
                exec sleep 3600
            }
            for last; do :; done
            \(script)
            exec "/usr/bin/\(program)" "$@"

            """, to: "front/\(program)")
        chmod(file, 0o755)
    }

    /// The process that stands still; `nil` as long as none does.
    func standing() throws -> Int32? {
        guard TestFile.exists(directory.file("reached")) else { return nil }
        return Int32(try TestFile.text(directory.file("reached")).prefix { $0.isNumber })
    }
}
