import Backups
import Glibc
import Reports

/// Standard output and standard error of this process, unbuffered.
enum StandardStream: Int32 {
    case output = 1
    case error = 2

    /// Writes all of `text`. Nobody can be told when that fails: a reader that went away (`| head`) ends the writing.
    func write(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let part = UnsafeBufferPointer(rebasing: rest)
                let count = Glibc.write(rawValue, part.baseAddress, part.count)
                if count < 0 && errno == EINTR { continue }
                if count <= 0 { return }
                rest = rest.dropFirst(count)
            }
        }
    }

    var isTerminal: Bool { isatty(rawValue) == 1 }

    /// Whether a line can be drawn over again.
    var canRedraw: Bool { isTerminal && !isDumb }

    private var isDumb: Bool { getenv("TERM").map { strcmp($0, "dumb") == 0 } ?? false }

    /// Colours on a terminal that can show them, unless `NO_COLOR` is set to anything (https://no-color.org).
    var style: TerminalStyle {
        let isRefused = getenv("NO_COLOR").map { $0.pointee != 0 } ?? false
        return isTerminal && !isRefused && !isDumb ? .coloured : .plain
    }

    /// Columns of the terminal; 80 where it does not say.
    var width: Int {
        var size = winsize()
        guard ioctl(rawValue, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }
}
