import Glibc

/// Where `text` stands first in the file at `path`.
package static func offset(of text: String, in path: String) throws -> UInt64? {
    try read(path).withUnsafeBytes { bytes in
        guard let start = bytes.baseAddress, let found = memmem(start, bytes.count, text, text.utf8.count) else {
            return nil
        }
        return UInt64(UnsafeRawPointer(found) - start)
    }
}

/// Whole files as bytes.
package enum TestFile {
    package static func read(_ path: String) throws -> [UInt8] {
        try Descriptor.open(path, O_RDONLY).contents()
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
}
