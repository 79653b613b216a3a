import Backups
import Glibc
import Processes

/// Where an installation that does not lie in the usual places has its programs, libraries and shared files.
///
/// Its own prefix is not enough: libraries may lie beside it (a rpath of `$ORIGIN/../../lib`), or be known to the dynamic
/// loader from `/etc/ld.so.conf` alone. The whole prefix would be too much: its data directory and sockets may be there.
enum ProgramDirectories {
    /// What a cell shows of every machine; nothing below them is listed.
    static let system = [
        "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/etc", "/nix/store",
        // Where Debian links the dictionaries of text search to: pg_updatedicts(8).
        "/var/cache/postgresql/dicts",
    ]
    /// The parts of a prefix: PostgreSQL documentation, "Installation from Source Code", `--bindir` and those after it.
    private static let parts = ["bin", "lib", "lib64", "libexec", "share"]

    /// Directories outside of ``system`` that must be shown for the programs in `bin` to run, without links, sorted, none
    /// within another.
    static func needed(by bin: String) -> [String] {
        var found = [bin] + parts.map { "\(prefix(of: bin))/\($0)" } + configured(bin)
        let modules = found.filter { !isSystem($0) }.flatMap { libraries(in: $0) }
        found += linked(in: bin, modules)
        found += knownToLoader()
        let resolved = Set(found.filter { !isSystem($0) }.compactMap(resolve).filter { !isSystem($0) })
        return resolved.filter { path in !resolved.contains { path != $0 && isWithin(path, $0) } }.sorted()
    }

    /// Whether a cell that shows `directories` shows the programs in `bin`.
    static func covers(_ directories: [String], _ bin: String) -> Bool {
        isSystem(bin) || directories.contains { isWithin(bin, $0) }
    }

    private static func isSystem(_ path: String) -> Bool { system.contains { isWithin(path, $0) } }

    static func isWithin(_ path: String, _ directory: String) -> Bool {
        path == directory || path.hasPrefix("\(directory)/")
    }

    private static func prefix(of bin: String) -> String {
        bin.split(separator: "/").dropLast().map { "/\($0)" }.joined()
    }

    /// What `pg_config` says of places that do not lie below the prefix.
    private static func configured(_ bin: String) -> [String] {
        guard !isSystem(bin), let program = program("pg_config", bin) else { return [] }
        return lines(Command(program, ["--sharedir", "--pkglibdir", "--libdir"])).map(\.trimmed)
    }

    /// Modules of the server and libraries of its programs, if only those that their names show.
    private static func libraries(in directory: String) -> [String] {
        [directory, "\(directory)/postgresql"].flatMap { place in
            DirectoryTree.names(in: place).filter { $0.hasSuffix(".so") || $0.contains(".so.") }.map {
                "\(place)/\($0)"
            }
        }
    }

    /// Directories of the libraries that the dynamic loader finds for the server, its modules and psql.
    private static func linked(in bin: String, _ modules: [String]) -> [String] {
        let outside = modules.filter { !isSystem($0) }
        guard !isSystem(bin) else { return told(byLdd: outside) }
        // Paths that its list can't hold: ldd(1), which takes them one by one, needs 20 ms for each.
        let (odd, usual) = (outside.filter(isOdd), outside.filter { !isOdd($0) })
        let programs = [program("postgres", bin), program("psql", bin)].compactMap(\.self)
        let found = programs.enumerated().flatMap { told(byLoaderOf: $1, $0 == 0 ? usual : []) }
        // More than one variable of the environment can hold, or a loader that does not tell.
        return found.isEmpty ? told(byLdd: outside + programs) : found + told(byLdd: odd)
    }

    private static func isOdd(_ path: String) -> Bool { path.contains { ": ".contains($0) } }

    /// What the loader would load for `program`, with `modules`, which it does not run: ld.so(8), `LD_TRACE_LOADED_OBJECTS`;
    /// it prints `name => path (address)`.
    private static func told(byLoaderOf program: String, _ modules: [String]) -> [String] {
        var environment = CleanEnvironment.variables()
        environment["LD_TRACE_LOADED_OBJECTS"] = "1"
        if !modules.isEmpty { environment["LD_PRELOAD"] = modules.joined(separator: ":") }
        // A program without a loader of its own says its version, and nothing else happens.
        return lines(Command(program, ["--version"], environment: environment)).flatMap(directoriesAfterArrow)
    }

    private static func told(byLdd files: [String]) -> [String] {
        guard !files.isEmpty, let ldd = Command.systemProgram("ldd") else { return [] }
        return lines(Command(ldd, files)).flatMap(directoriesAfterArrow)
    }

    /// Directories of the libraries in the loader's cache: ldconfig(8) prints `name (kind) => path`.
    private static func knownToLoader() -> [String] {
        guard let ldconfig = Command.systemProgram("ldconfig") else { return [] }
        return Set(lines(Command(ldconfig, ["-p"])).flatMap(directoriesAfterArrow)).sorted()
    }

    /// Of the library itself too, where the path is a link to it.
    private static func directoriesAfterArrow(_ line: String) -> [String] {
        guard let arrow = line.firstRange(of: "=> /") else { return [] }
        let path = "/" + line[arrow.upperBound...].prefix { $0 != " " }
        return [path, resolve(path)].compactMap(\.self).map { String($0[..<($0.lastIndex(of: "/") ?? $0.startIndex)]) }
    }

    /// What it printed, whatever its status: ldd fails for a file that is no library, and goes on.
    private static func lines(_ command: Command) -> [String] {
        guard let result = try? ChildProcess.run(command) else { return [] }
        return result.outputText.split(separator: "\n").map(String.init)
    }

    private static func program(_ name: String, _ bin: String) -> String? {
        let path = "\(bin)/\(name)"
        return access(path, X_OK) == 0 ? path : nil
    }

    static func resolve(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
