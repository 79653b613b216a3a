import TestSupport

/// Who works in the scratch of a program, or on it.
enum ScratchProcesses {
    /// - Parameter path: where scratch directories are made.
    static func below(_ path: String) throws -> [Int32] {
        try Tool.shell(
            """
            for p in /proc/[0-9]*; do
                case "$(readlink "$p/cwd" 2>/dev/null)$(tr '\\0' ' ' <"$p/cmdline" 2>/dev/null)" in
                    *"$1"/scratch-*) echo "${p#/proc/}" ;;
                esac
            done
            """, [path]
        ).outputText.split(separator: "\n").compactMap { Int32($0) }
    }
}
