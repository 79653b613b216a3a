package import Backups
internal import Glibc

/// A regular file. It is opened once and held open, so that all readers see the same file even when its name is given
/// to another one meanwhile.
package final class FileBytes: StoredBytes {
    package let name: String
    /// Descriptor of the open file; nothing but `pread` and `fstat` is ever called on it, from any thread.
    let descriptor: Int32
    /// What the file was when it was opened.
    let identity: FileIdentity

    package var size: UInt64? { identity.size }

    /// - Throws: ``Obstacle`` when the file can't be opened, or is no regular file.
    package init(_ path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
        guard descriptor >= 0 else { throw SystemError.obstacle("open", path) }
        do {
            identity = try FileIdentity(descriptor: descriptor, name: path)
        } catch {
            close(descriptor)
            throw error
        }
        name = path
        self.descriptor = descriptor
        // A hint only: whether the kernel heeds it changes the speed, nothing else.
        posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
    }

    deinit {
        close(descriptor)
    }

    /// - Throws: ``Obstacle`` `changed-while-reading` when it shrank, grew or was written to since it was opened.
    package func expectUnchanged() throws {
        guard try FileIdentity(descriptor: descriptor, name: name) == identity else {
            throw Obstacle(
                .changedWhileReading, "\(name) was changed while it was read",
                hint: "verify it when whatever writes it is done")
        }
    }

    package func makeReader(at offset: UInt64) throws -> any ByteReader {
        FileReader(self, at: offset)
    }
}
