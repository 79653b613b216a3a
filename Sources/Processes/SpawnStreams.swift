import Subprocess
import SystemPackage

/// The three streams of a child, as swift-subprocess wants them.
///
/// `/dev/null` is opened for input and written to for output through descriptors too, so that one generic instance
/// serves all combinations.
struct SpawnStreams: Sendable {
    let input: ChildStream
    let output: ChildStream
    let error: ChildStream

    /// Runs the child to its end; `started` hears its process id while it can't have been reaped yet.
    func run(
        _ configuration: Configuration, started: @escaping @Sendable (Int32) -> Void
    ) async throws -> ProcessEnd {
        let (inputDescriptor, closesInput) = try Self.open(input, .readOnly)
        let (outputDescriptor, closesOutput) = try Self.open(output, .writeOnly)
        let (errorDescriptor, closesError) = try Self.open(error, .writeOnly)
        let result = try await Subprocess.run(
            configuration,
            input: .fileDescriptor(inputDescriptor, closeAfterSpawningProcess: closesInput),
            output: .fileDescriptor(outputDescriptor, closeAfterSpawningProcess: closesOutput),
            error: .fileDescriptor(errorDescriptor, closeAfterSpawningProcess: closesError)
        ) { execution in
            started(execution.processIdentifier.value)
        }
        return switch result.terminationStatus {
        case .exited(let status): .exited(status)
        case .signaled(let signal): .signalled(signal)
        }
    }

    /// Closes what was handed over for a child that was never started.
    func abandon() {
        for stream in [input, output, error] { stream.abandon() }
    }

    private static func open(
        _ stream: ChildStream, _ mode: FileDescriptor.AccessMode
    ) throws -> (FileDescriptor, Bool) {
        switch stream {
        case .none: (try FileDescriptor.open("/dev/null", mode, options: .closeOnExec), true)
        case .descriptor(let descriptor): (FileDescriptor(rawValue: descriptor), false)
        case .handedOver(let descriptor): (FileDescriptor(rawValue: descriptor), true)
        }
    }
}
