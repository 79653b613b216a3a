import Backups
import CLinux
import FoundationEssentials
import Glibc
import Processes

/// What a warden does with one order, in its order.
final class WardenRun {
    private let order: WardenOrder
    private let directory: ScratchDirectory
    /// Cancelled when the starter is gone.
    private let life = Cancellation()
    private let reins: ServerReins
    /// What the starter of a prepared scratch wants; `nil` when it is gone.
    private let commands = BlockingQueue<WardenCommand?>()

    /// `control` is read by a thread of its own from here on.
    init(order: WardenOrder, control: consuming LineReader) throws {
        self.order = order
        directory = try ScratchDirectory(root: order.root, name: order.name)
        reins = ServerReins(hasNamespaces: order.hasNamespaces)
        let (life, directory, reins, commands) = (life, directory, reins, commands)
        // The reader moves to that thread; nobody else holds it.
        nonisolated(unsafe) let reader = control
        DetachedThread.start(named: "starter watch") {
            var isKept = false
            while let line = reader.next() {
                if line + [UInt8(ascii: "\n")] == Array(WardenOrder.keep.utf8) {
                    isKept = Self.keep(directory, hasNamespaces: reins.hasNamespaces)
                } else if let command = try? JSONDecoder().decode(WardenCommand.self, from: Data(line)) {
                    if case .shutDown = command { reins.shutDown() }
                    commands.append(command)
                }
            }
            guard !isKept else { return }
            life.cancel(Obstacle(.interrupted, "the process that started this scratch is gone"))
            commands.append(nil)
        }
    }

    func run() throws {
        let root = try ScratchRoot(order.root)
        let marker = try ScratchMarker.ofThisProcess(.running, hasNamespaces: order.hasNamespaces)
        let claim = try ScratchClaim(directory, root: root, marker: marker)
        do {
            try serve()
        } catch {
            try claim.remove(hasNamespaces: reins.hasNamespaces, lockingRoot: root)
            // Gone with its starter is how it is meant to end.
            if life.isCancelled { return }
            throw error
        }
        try claim.remove(hasNamespaces: reins.hasNamespaces, lockingRoot: root)
    }

    private func serve() throws {
        switch order.origin {
        case .template(let template, let size, let start): try serve(copyOf: template, size, start)
        case .prepared: try servePrepared()
        }
    }

    private func serve(copyOf template: String, _ size: TreeSize, _ start: ServerStart) throws {
        let copied = try DirectoryTree.copy(
            template, to: directory.data, owner: start.isolation.user, cancellation: life)
        guard copied == size else {
            LineWriter.writeLine(WardenEvent.templateDamaged, to: STDOUT_FILENO)
            return
        }
        let (server, log) = try launch(start)
        if log.waitUntilReady() {
            sealSockets(start.isolation)
            LineWriter.writeLine(WardenEvent.ready, to: STDOUT_FILENO)
        }
        let end = server.wait()
        guard !life.isCancelled else { return }
        LineWriter.writeLine(WardenEvent.serverEnded(end: "\(end)", log: log.finalTail()), to: STDOUT_FILENO)
    }

    /// Starts and ends the server as it is told, until the starter is gone or the server ends by itself.
    private func servePrepared() throws {
        LineWriter.writeLine(WardenEvent.claimed, to: STDOUT_FILENO)
        while let command = commands.next() {
            guard case .start(let start) = command else { continue }
            try ScratchMarker.ofThisProcess(.running, hasNamespaces: start.isolation.hasNamespaces).write(to: directory)
            let (server, log) = try launch(start)
            let isReady = log.waitUntilReady()
            if isReady {
                sealSockets(start.isolation)
                LineWriter.writeLine(WardenEvent.recovered(log.account), to: STDOUT_FILENO)
            }
            let end = "\(server.wait())"
            guard !life.isCancelled else { return }
            let tail = log.finalTail()
            let event: WardenEvent =
                reins.isShuttingDown
                ? .shutDown
                : isReady
                    ? .serverEnded(end: end, log: tail) : .recoveryEnded(end: end, log: tail, log.account)
            LineWriter.writeLine(event, to: STDOUT_FILENO)
        }
    }

    private func launch(_ start: ServerStart) throws -> (ChildProcess, ServerLog) {
        try makeSockets(start.isolation)
        let log = ServerLog()
        let pipe = try Pipe()
        log.follow(pipe, path: directory.log)
        let command = try start.isolation.wrap(
            start.postgres, ["-D", directory.data] + start.settings,
            writable: [directory.data, directory.sockets] + (start.tablespaces.isEmpty ? [] : [directory.tablespaces]),
            readable: start.readable, tablespaces: start.tablespaces
        ).yielding(niceness: Int(order.niceness))
        try life.check()
        let server = try ChildProcess.start(command, error: .handedOver(pipe.takeWriteEnd()))
        reins.take(server, hasNamespaces: start.isolation.hasNamespaces)
        let signal = start.isolation.endSignal.number
        life.onCancel {
            log.stopWaiting()
            server.signal(signal)
            // An immediate stop waits five seconds for its children; nothing is lost by not waiting longer.
            DetachedThread.start(named: "end server") {
                if server.wait(for: .seconds(6)) == nil { server.signal(SIGKILL) }
            }
        }
        return (server, log)
    }

    /// The server's own until it listens.
    private func makeSockets(_ isolation: ScratchIsolation) throws {
        guard mkdir(directory.sockets, 0o700) == 0 || errno == EEXIST else {
            throw DirectoryTree.obstacle("made", directory.sockets)
        }
        try DirectoryTree.give(directory.sockets, to: isolation.user)
        chmod(directory.sockets, 0o700)
    }

    /// From here on the server's user can pass the socket's directory, and not change what lies in it: a link in the
    /// socket's place would lead those who load the dump to another server.
    private func sealSockets(_ isolation: ScratchIsolation) {
        guard let user = isolation.user else { return }
        chown(directory.sockets, geteuid(), user.group)
        chmod(directory.sockets, 0o710)
    }

    /// - Returns: whether the server outlives its starter from now on.
    private static func keep(_ directory: ScratchDirectory, hasNamespaces: Bool) -> Bool {
        do {
            try ScratchMarker.ofThisProcess(.kept, hasNamespaces: hasNamespaces).write(to: directory)
        } catch {
            // Without its mark it would be taken for a leftover's owner by nobody: it goes with its starter instead.
            return false
        }
        LineWriter.writeLine(WardenEvent.kept, to: STDOUT_FILENO)
        return true
    }
}
