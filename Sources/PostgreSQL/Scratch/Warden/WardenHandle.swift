import Backups
import Glibc
import Processes
import Synchronization

/// The starter's side of a warden.
final class WardenHandle: Sendable {
    enum Start: Sendable, Equatable { case ready, templateDamaged }

    let directory: ScratchDirectory
    private let child: ChildProcess
    private let hasNamespaces: Atomic<Bool>
    /// The pipe whose end tells the warden that we are gone.
    private let control: Mutex<Int32?>
    let started = SignalledOnce<Result<Start, Obstacle>>()
    let kept = SignalledOnce<Bool>()
    let isStopping = SignalledOnce<Bool>()
    /// What the warden of a prepared scratch tells of its server; an obstacle when there is none to tell.
    let answers = BlockingQueue<WardenEvent>()
    /// Why the server ended without having been asked to.
    let ended = SignalledOnce<Obstacle>()

    private init(directory: ScratchDirectory, child: ChildProcess, hasNamespaces: Bool, control: Int32) {
        self.directory = directory
        self.child = child
        self.hasNamespaces = Atomic(hasNamespaces)
        self.control = Mutex(control)
    }

    deinit { closeControl() }

    static func start(
        _ order: WardenOrder, directory: ScratchDirectory, executable: String, cancellation: Cancellation
    ) throws -> WardenHandle {
        let orders = try Pipe()
        let events = try Pipe()
        // Own session, so that Ctrl-C on our terminal leaves it to end the server in order.
        let command = Command(
            executable, [ScratchWarden.subcommand, "--directory", directory.path], workingDirectory: "/",
            hasOwnSession: true)
        let control = orders.takeWriteEnd()
        let child: ChildProcess
        do {
            child = try ChildProcess.start(
                command, input: .descriptor(orders.readEnd), output: .handedOver(events.takeWriteEnd()))
        } catch {
            close(control)
            throw error
        }
        let warden = WardenHandle(
            directory: directory, child: child, hasNamespaces: order.hasNamespaces, control: control)
        LineWriter.writeLine(order, to: control)
        // Weak: the server's end must not keep alive what ends it.
        DetachedThread.start(named: "warden events") { [weak warden] in
            let reader = LineReader(descriptor: events.readEnd)
            while let line = reader.next() { warden?.hear(line, cancellation: cancellation) }
            warden?.hearEnd(cancellation: cancellation)
        }
        // Wakes who waits for the start. Of no effect later, so it need not be taken back.
        cancellation.onCancel { [weak warden] in
            guard let obstacle = cancellation.obstacle else { return }
            warden?.started.set(.failure(obstacle))
            warden?.answers.append(.obstacle(obstacle))
        }
        return warden
    }

    /// - Throws: why there is no server; everything is removed then.
    func waitUntilReady() throws -> Start {
        do {
            return try started.wait().get()
        } catch {
            stop()
            throw error
        }
    }

    /// Ends the warden and with it all it owns.
    func stop() {
        isStopping.set(true)
        if kept.current == true { return }
        closeControl()
        guard child.wait(for: .seconds(30)) == nil else { return removeLeftover() }
        child.signal(SIGKILL)
        _ = child.wait()
        removeLeftover()
    }

    func keep() throws {
        let written = control.withLock { control in
            control.map { LineWriter.writeBytes(Array(WardenOrder.keep.utf8), to: $0) } ?? false
        }
        guard written, kept.wait(for: .seconds(10)) == true else {
            throw Obstacle(.serverFailed, "the scratch server could not be kept")
        }
        isStopping.set(true)
        closeControl()
    }

    /// Has the warden of a prepared scratch start its server, or shut it down.
    /// - Returns: what came of it.
    func command(_ command: WardenCommand) throws -> WardenEvent {
        if case .start(let start) = command {
            hasNamespaces.store(start.isolation.hasNamespaces, ordering: .relaxed)
        }
        let written = control.withLock { control in
            control.map { LineWriter.writeLine(command, to: $0) } ?? false
        }
        guard written else { throw ended.current ?? Obstacle(.serverFailed, "the scratch server's warden is gone") }
        let event = answers.next()
        if case .obstacle(let reason, let message, let hint) = event {
            throw Obstacle(Reason(rawValue: reason), message, hint: hint)
        }
        return event
    }

    /// What a warden that was killed could not remove.
    private func removeLeftover() {
        guard DirectoryTree.status(directory.path) != nil else { return }
        // Nothing to tell anybody: what is still there is found by the next collection.
        guard let root = try? ScratchRoot(directory.root),
            let claim = try? ScratchClaim(leftover: directory)
        else { return }
        try? claim.remove(hasNamespaces: hasNamespaces.load(ordering: .relaxed), lockingRoot: root)
    }

    private func closeControl() {
        control.withLock { control in
            if let control { close(control) }
            control = nil
        }
    }
}
