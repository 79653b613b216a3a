import Backups
import CLinux
import Glibc

/// The file system that a scratch server sees: programs, read-only, its own directories, and nothing else of the machine.
///
/// A socket in the file system leads to its server through every network namespace, so a list of places to hide would
/// always miss one. What is not named here is not there. The order of the calls is that of bubblewrap (bubblewrap.c,
/// "main"): build in an empty tmpfs, make it the root, bind from the old root, let go of that.
struct CellRoot {
    private static let devices = ["null", "zero", "full", "random", "urandom"]
    /// For programs that insist on a temporary file; in memory, so there is little of it.
    private static let temporaryBytes = 16 << 20
    static let oldRoot = "/.machine"

    /// Directories that the server may write to; the first one is where it works.
    let writable: [String]
    /// Directories of programs that are not in the usual places: ``ProgramDirectories``.
    let programs: [String]
    /// Directories below the writable ones that the server finds at other paths, too.
    var tablespaces: [ScratchTablespace] = []

    /// Replaces the root of this process's mount namespace, which must be its own.
    /// - Throws: ``Obstacle`` when the kernel refuses.
    func enter() throws {
        guard let base = writable.first else { throw Obstacle(.internalError, "a cell needs a directory to work in") }
        // Resolved while links still mean what they meant.
        let writable = try writable.map { ($0, try Self.resolved($0)) }
        let programs = try programs.map { ($0, try Self.resolved($0)) }
        try Self.mount("tmpfs", on: base, UInt(MS_NOSUID | MS_NODEV), options: "mode=755,size=1m")
        try Self.makeDirectory(base + Self.oldRoot)
        try Self.check(restorable_pivot_root(base, base + Self.oldRoot), "pivot_root", base)
        try Self.check(chdir("/"), "chdir", "/")
        for path in ProgramDirectories.system { try Self.showSystem(path) }
        try Self.makeDirectory("/proc")
        try Self.bind("\(Self.oldRoot)/proc", on: "/proc")
        try makeDevices()
        for path in ["/tmp", "/var/tmp", "/dev/shm"] { try Self.makeTemporary(path) }
        // An installation may lie below one of those.
        for (path, source) in programs { try Self.show(source, at: path, readOnly: true) }
        try Self.makeDirectory("/run")
        for (path, source) in writable { try Self.show(source, at: path, readOnly: false) }
        try Self.check(umount2(Self.oldRoot, Int32(MNT_DETACH)), "umount", Self.oldRoot)
        rmdir(Self.oldRoot)
        // The paths are the backup's, so they come last: nothing of the machine can be reached by them any more.
        try Self.show(tablespaces, beside: (programs + writable).map(\.0))
        let sealed = UInt(MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV)
        try Self.check(Glibc.mount(nil, "/", nil, sealed, nil), "remount", "/")
    }

    /// `/bin` and its like are links into `/usr` on most machines.
    private static func showSystem(_ path: String) throws {
        let source = oldRoot + path
        guard let status = DirectoryTree.status(source) else { return }
        if status.isDirectory { return try show(path, at: path, readOnly: true) }
        guard let target = ProcFile.link(source) else { return }
        try check(symlink(target, path), "symlink", path)
    }

    private func makeDevices() throws {
        try Self.makeDirectory("/dev")
        for name in Self.devices {
            let descriptor = open("/dev/\(name)", O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
            try Self.check(descriptor, "open", "/dev/\(name)")
            close(descriptor)
            try Self.bind("\(Self.oldRoot)/dev/\(name)", on: "/dev/\(name)")
        }
        for (name, target) in [("fd", "fd"), ("stdin", "fd/0"), ("stdout", "fd/1"), ("stderr", "fd/2")] {
            try Self.check(symlink("/proc/self/\(target)", "/dev/\(name)"), "symlink", "/dev/\(name)")
        }
    }

    private static func makeTemporary(_ path: String) throws {
        try makeDirectory(path)
        let flags = UInt(MS_NOSUID | MS_NODEV | MS_NOEXEC)
        try mount("tmpfs", on: path, flags, options: "mode=1777,size=\(temporaryBytes)")
    }

    /// Shows what was at `source`, without links in it, on the old root.
    private static func show(_ source: String, at path: String, readOnly: Bool) throws {
        try makeDirectory(path)
        try bind(oldRoot + source, on: path)
        guard readOnly, restorable_mount_read_only(path) != 0 else { return }
        // Before Linux 5.12 only the mount itself; who may write below it is for its permissions to say.
        let flags = UInt(MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOSUID | MS_NODEV)
        try check(Glibc.mount(nil, path, nil, flags, nil), "remount", path)
    }

    private static func show(_ tablespaces: [ScratchTablespace], beside shown: [String]) throws {
        var shown = shown
        for tablespace in tablespaces {
            guard tablespace.isPossible(beside: shown) else {
                throw Obstacle(.permissionDenied, "a cell can have no directory at \(tablespace.location)")
            }
            try makeDirectory(tablespace.location)
            try bind(tablespace.directory, on: tablespace.location)
            shown.append(tablespace.location)
        }
    }

    private static func bind(_ source: String, on path: String) throws {
        try check(Glibc.mount(source, path, nil, UInt(MS_BIND | MS_REC), nil), "mount", path)
    }

    private static func mount(_ type: String, on path: String, _ flags: UInt, options: String) throws {
        try check(options.withCString { Glibc.mount(type, path, type, flags, $0) }, "mount", path)
    }

    /// With all above it; others may pass.
    private static func makeDirectory(_ path: String) throws {
        var made = ""
        for part in path.split(separator: "/") {
            made += "/\(part)"
            if mkdir(made, 0o755) != 0, errno != EEXIST { try check(-1, "mkdir", made) }
        }
    }

    private static func resolved(_ path: String) throws -> String {
        guard let resolved = realpath(path, nil) else { throw DirectoryTree.obstacle("found", path) }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private static func check(_ result: Int32, _ call: String, _ path: String) throws {
        guard result < 0 else { return }
        throw Obstacle(
            .permissionDenied,
            "the scratch server's own file system can't be made: \(call) \(path): "
                + String(cString: strerror(errno)))
    }
}
