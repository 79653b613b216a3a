/// How a child process ended, and the start of what it wrote.
package struct ProcessResult: Sendable {
    package let end: ProcessEnd
    /// The first bytes of standard output, up to the limit that was asked for.
    package let output: [UInt8]
    /// The *last* bytes of standard error, up to the same limit: the end is where the reason stands.
    package let error: [UInt8]
    /// More was written to standard output than was kept.
    package let isOutputCut: Bool

    package init(end: ProcessEnd, output: [UInt8], error: [UInt8], isOutputCut: Bool) {
        self.end = end
        self.output = output
        self.error = error
        self.isOutputCut = isOutputCut
    }

    package var isSuccess: Bool { end.isSuccess }
    package var outputText: String { String(decoding: output, as: UTF8.self) }
    package var errorText: String { String(decoding: error, as: UTF8.self) }
}
