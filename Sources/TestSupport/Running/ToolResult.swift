/// How a program ended, and all it wrote.
package struct ToolResult: Sendable {
    /// The exit status; 128 + number when a signal ended it, as shells say.
    package let status: Int32
    package let output: [UInt8]
    package let error: [UInt8]

    package init(status: Int32, output: [UInt8], error: [UInt8]) {
        self.status = status
        self.output = output
        self.error = error
    }

    package var outputText: String { String(decoding: output, as: UTF8.self) }
    package var errorText: String { String(decoding: error, as: UTF8.self) }
}
