import Backups
import CLinux
import Glibc
import Processes

/// What a warden does with one order, in its order.
final class WardenRun {
    private let order: WardenOrder
    private let directory: ScratchDirectory
    /// Cancelled when the starter is gone.
    private let life = Cancellation()
    private let log = ServerLog()

    /// `control` is read by a thread of its own from here on.
    init(order: WardenOrder, control: consuming LineReader) throws {
        self.order = order
        directory = try ScratchDirectory(root: order.root, name: order.name)
        let life = life
        let (directory, hasNamespaces) = (directory, order.isolation.hasNamespaces)
        // The reader moves to that thread; nobody else holds it.
        nonisolated(unsafe) let reader = control
        DetachedThread.start(named: "starter watch") {
            var isKept = false
            while let line = reader.next() {
                guard line + [UInt8(ascii: "\n")] == Array(WardenOrder.keep.utf8) else { continue }
                isKept = Self.keep(directory, hasNamespaces: hasNamespaces)
            }
            if !isKept { life.cancel(Obstacle(.interrupted, "the process that started this scratch is gone")) }
        }
    }

    func run() throws {
        let root = try ScratchRoot(order.root)
        let marker = try Self.marker(.running, hasNamespaces: order.isolation.hasNamespaces)
        let claim = try ScratchClaim(directory, root: root, marker: marker)
        do {
            try serve()
        } catch {
            try claim.remove(hasNamespaces: order.isolation.hasNamespaces, lockingRoot: root)
            // Gone with its starter is how it is meant to end.
            if life.isCancelled { return }
            throw error
        }
        try claim.remove(hasNamespaces: order.isolation.hasNamespaces, lockingRoot: root)
    }

    private func serve() throws {
        guard try prepareFiles() else {
            LineWriter.writeLine(WardenEvent.templateDamaged, to: STDOUT_FILENO)
            return
        }
        let pipe = try Pipe()
        log.follow(pipe, path: directory.log)
        let command = try order.isolation.wrap(
            order.postgres, ["-D", directory.data] + order.settings,
            writable: [directory.data, directory.sockets]
        ).yielding(niceness: Int(order.niceness))
        try life.check()
        let server = try ChildProcess.start(command, error: .handedOver(pipe.takeWriteEnd()))
        let (log, signal) = (log, order.isolation.endSignal.number)
        life.onCancel {
            log.stopWaiting()
            server.signal(signal)
            // An immediate stop waits five seconds for its children; nothing is lost by not waiting longer.
            DetachedThread.start(named: "end server") {
                if server.wait(for: .seconds(6)) == nil { server.signal(SIGKILL) }
            }
        }
        if log.waitUntilReady() {
            sealSockets()
            LineWriter.writeLine(WardenEvent.ready, to: STDOUT_FILENO)
        }
        let end = server.wait()
        guard !life.isCancelled else { return }
        LineWriter.writeLine(WardenEvent.serverEnded(end: "\(end)", log: log.finalTail()), to: STDOUT_FILENO)
    }

    /// - Returns: whether the template was whole.
    private func prepareFiles() throws -> Bool {
        let copied = try DirectoryTree.copy(
            order.template, to: directory.data, owner: order.isolation.user, cancellation: life)
        guard mkdir(directory.sockets, 0o700) == 0 else { throw DirectoryTree.obstacle("made", directory.sockets) }
        try DirectoryTree.give(directory.sockets, to: order.isolation.user)
        return copied == order.templateSize
    }

    /// From here on the server's user can pass the socket's directory, and not change what lies in it: a link in the
    /// socket's place would lead those who load the dump to another server.
    private func sealSockets() {
        guard let user = order.isolation.user else { return }
        chown(directory.sockets, geteuid(), user.group)
        chmod(directory.sockets, 0o710)
    }

    private static func marker(_ state: ScratchMarker.State, hasNamespaces: Bool) throws -> ScratchMarker {
        guard let process = ProcessIdentity.current else {
            throw Obstacle(.internalError, "/proc does not show this process", hint: "mount /proc")
        }
        return ScratchMarker(process: process, state: state, hasNamespaces: hasNamespaces)
    }

    /// - Returns: whether the server outlives its starter from now on.
    private static func keep(_ directory: ScratchDirectory, hasNamespaces: Bool) -> Bool {
        do {
            try marker(.kept, hasNamespaces: hasNamespaces).write(to: directory)
        } catch {
            // Without its mark it would be taken for a leftover's owner by nobody: it goes with its starter instead.
            return false
        }
        LineWriter.writeLine(WardenEvent.kept, to: STDOUT_FILENO)
        return true
    }
}
