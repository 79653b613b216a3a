import Glibc

/// Small files for tests, each in a folder of its own below /tmp.
enum TemporaryFile {
    struct Trouble: Error {
        let call: String
        let code: Int32
    }

    static func folder() throws -> String {
        var template = Array("/tmp/restorable-web.XXXXXX\0".utf8CString)
        guard let path = mkdtemp(&template) else { throw Trouble(call: "mkdtemp", code: errno) }
        return String(cString: path)
    }

    static func write(_ name: String, _ text: String) throws -> String {
        let path = try folder() + "/" + name
        try overwrite(path, text)
        return path
    }

    static func overwrite(_ path: String, _ text: String) throws {
        guard let file = fopen(path, "w") else { throw Trouble(call: "fopen", code: errno) }
        let status = fputs(text, file)
        guard fclose(file) == 0, status >= 0 else { throw Trouble(call: "fclose", code: errno) }
    }
}
