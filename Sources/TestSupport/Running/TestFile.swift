import Glibc

/// Whole files as bytes.
package enum TestFile {
    package static func read(_ path: String) throws -> [UInt8] {
        try Descriptor.open(path, O_RDONLY).contents()
    }

    /// Where `text` stands first in the file at `path`.
    package static func offset(of text: String, in path: String) throws -> UInt64? {
        // By the C library: unoptimised, the standard one needs seconds for each file.
        try read(path).withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress, let first = text.utf8.first else { return nil }
            var at = 0
            while at + text.utf8.count <= bytes.count,
                let found = memchr(start + at, Int32(first), bytes.count - at - text.utf8.count + 1)
            {
                at = UnsafeRawPointer(found) - start
                if memcmp(found, text, text.utf8.count) == 0 { return UInt64(at) }
                at += 1
            }
            return nil
        }
    }

    package static func text(_ path: String) throws -> String {
        String(decoding: try read(path), as: UTF8.self)
    }

    /// Makes or replaces the file.
    package static func write(_ bytes: [UInt8], to path: String) throws {
        let descriptor = try Descriptor.open(path, O_WRONLY | O_CREAT | O_TRUNC)
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes { Glibc.write(descriptor.number, $0.baseAddress, $0.count) }
            guard count > 0 else { throw TestFailure("\(path): \(String(cString: strerror(errno)))") }
            done += count
        }
    }

    package static func size(_ path: String) throws -> Int {
        var status = stat()
        guard stat(path, &status) == 0 else { throw TestFailure("\(path): \(String(cString: strerror(errno)))") }
        return Int(status.st_size)
    }

    package static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// Names in a directory, sorted.
    package static func names(in directory: String) throws -> [String] {
        let output = try Tool.run("/bin/ls", ["-A", "--", directory]).outputText
        return output.split(separator: "\n").map(String.init)
    }

    /// The largest file anywhere below `place` of `directory`.
    package static func largest(in directory: String, below place: String) throws -> String {
        let output = try Tool.shell(
            "find \"$1/$2\" -type f -printf '%s %p\\n' | sort -n | tail -1 | cut -d' ' -f2-", [directory, place]
        ).outputText
        guard let path = output.split(separator: "\n").first else {
            throw TestFailure("no file in \(directory)/\(place)")
        }
        return String(path)
    }
}
