import Backups
import Synchronization

/// Counts content against its limit, over all threads that read it.
final class ContentMeter: Sendable {
    private let limits: IntegrityLimits
    private let counted = Atomic<UInt64>(0)

    init(_ limits: IntegrityLimits) {
        self.limits = limits
    }

    /// - Throws: ``Obstacle`` `output-too-large` when there is more than the limit.
    func add(_ count: Int) throws {
        let total = counted.wrappingAdd(UInt64(count), ordering: .relaxed).newValue
        guard total <= limits.maximumContentBytes else { throw limits.exceeded }
    }
}

/// A reader whose bytes are counted.
final class MeteredReader: ByteReader {
    private let reader: any ByteReader
    private let meter: ContentMeter

    init(_ reader: any ByteReader, _ meter: ContentMeter) {
        self.reader = reader
        self.meter = meter
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        let count = try reader.read(into: buffer)
        try meter.add(count)
        return count
    }
}
