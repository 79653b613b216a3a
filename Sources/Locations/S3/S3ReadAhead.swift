import Backups
import Processes

/// Fetches the ranges of an ``S3Object`` that come next, each over a connection of its own, and hands them on in their
/// order. It holds one range for each connection, and the one that is being read.
///
/// Not `Sendable`: one thread reads. The threads that fetch end soon after it is released.
final class S3ReadAhead {
    private struct Fetch: Sendable {
        let bytes: Range<UInt64>
        let outcome = SignalledOnce<Result<[UInt8], any Error>>()
    }

    private let object: S3Object
    private let rangeSize: UInt64
    /// Of all that is fetched for this reader.
    private let own = Cancellation()
    private let token: UInt64
    private let orders = BlockingQueue<Fetch?>()
    private var threads = 0
    private var pending: [Fetch] = []
    private var next: UInt64
    private var present: [UInt8] = []
    private var position = 0

    /// 0: what is under way is still handed on, and no more is fetched.
    var connections: Int { didSet { order() } }

    init(_ object: S3Object, from offset: UInt64, connections: Int) {
        self.object = object
        self.connections = connections
        rangeSize = object.client.readAhead.rangeSize
        next = offset
        token = object.cancellation.onCancel { [own, object] in
            if let obstacle = object.cancellation.obstacle { own.cancel(obstacle) }
        }
        order()
    }

    deinit {
        object.cancellation.removeHandler(token)
        own.cancel(Obstacle(.interrupted, "nobody reads \(object.name) any more"))
        for _ in 0..<threads { orders.append(nil) }
    }

    /// - Returns: how many bytes, 0 at the end of what is fetched; and how long it waited for them.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> (count: Int, waited: Duration) {
        var waited = Duration.zero
        if position == present.count {
            present = []
            guard let first = pending.first else { return (0, .zero) }
            let begun = ContinuousClock.now
            let bytes = try first.outcome.wait().get()
            waited = .now - begun
            (present, position) = (bytes, 0)
            pending.removeFirst()
            order()
        }
        let count = min(buffer.count, present.count - position)
        present.withUnsafeBytes { buffer.copyBytes(from: $0[position..<position + count]) }
        position += count
        return (count, waited)
    }

    private func order() {
        while pending.count < connections, next < object.facts.size {
            let end = min(object.facts.size, next + rangeSize)
            let fetch = Fetch(bytes: next..<end)
            next = end
            pending.append(fetch)
            orders.append(fetch)
        }
        while threads < min(connections, pending.count) {
            threads += 1
            DetachedThread.start(named: "s3 range") { [orders, object, own] in Self.work(orders, object, own) }
        }
    }

    private static func work(_ orders: BlockingQueue<Fetch?>, _ object: S3Object, _ cancellation: Cancellation) {
        while let fetch = orders.next() {
            fetch.outcome.set(Result { try read(fetch.bytes, of: object, cancellation) })
        }
    }

    private static func read(
        _ bytes: Range<UInt64>, of object: S3Object, _ cancellation: Cancellation
    ) throws -> [UInt8] {
        try cancellation.check()
        let range = S3Range(object, bytes, cancellation: cancellation)
        let size = Int(bytes.upperBound - bytes.lowerBound)
        return try [UInt8](unsafeUninitializedCapacity: size) { buffer, filled in
            let memory = UnsafeMutableRawBufferPointer(buffer)
            while filled < size {
                filled += try range.read(into: UnsafeMutableRawBufferPointer(rebasing: memory[filled..<size]))
            }
            range.finish()
        }
    }
}
