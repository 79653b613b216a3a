import CZlib
import TestSupport
import Testing

@testable import Exposition

@Suite struct RenderedExpositionTests {
    @Test(arguments: ExpositionFormat.allCases)
    func bothFormsSayTheSame(format: ExpositionFormat) throws {
        let rendered = RenderedExposition(SampleFamilies.all)
        let plain = rendered.body(in: ExpositionForm(format))
        let gzipped = rendered.body(in: ExpositionForm(format, isGzipped: true))
        #expect(plain.form == ExpositionForm(format))
        #expect(plain.bytes == ExpositionEncoder.encode(SampleFamilies.all, as: format))
        #expect(gzipped.form == ExpositionForm(format, isGzipped: true))
        #expect(try Self.inflated(gzipped.bytes) == plain.bytes)
    }

    @Test func aLargePageIsWholeAndSmallWhenCompressed() throws {
        let samples = (0..<50_000).map {
            Sample([Label("database", "database-\($0 / 60)"), Label("n", "\($0)")], Double($0))
        }
        let rendered = RenderedExposition([MetricFamily("large", "Large.", samples: samples)])
        let plain = rendered.body(in: ExpositionForm(.openMetrics)).bytes
        let gzipped = rendered.body(in: ExpositionForm(.openMetrics, isGzipped: true)).bytes
        #expect(plain.count > 2_000_000)
        #expect(gzipped.count * 5 < plain.count)
        #expect(try Self.inflated(gzipped) == plain)
    }

    @Test func anEmptyPageCanBeCompressed() throws {
        let body = RenderedExposition([]).body(in: ExpositionForm(.text, isGzipped: true))
        #expect(body.form.isGzipped)
        #expect(try Self.inflated(body.bytes) == [])
    }

    @Test func manyAtOnceGetTheSameBytes() async {
        let rendered = RenderedExposition(SampleFamilies.all)
        let form = ExpositionForm(.openMetrics, isGzipped: true)
        let addresses = await withTaskGroup(of: UInt.self) { group in
            for _ in 0..<100 {
                group.addTask { rendered.body(in: form).bytes.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) } }
            }
            return await group.reduce(into: Set<UInt>()) { $0.insert($1) }
        }
        #expect(addresses.count == 1)
    }

    @Test func makesAheadWhatItsPredecessorWasAskedFor() {
        let form = ExpositionForm(.openMetrics, isGzipped: true)
        let first = RenderedExposition(SampleFamilies.all)
        #expect(first.formsMade == [])
        _ = first.body(in: form)
        #expect(first.formsMade == [form])
        let second = RenderedExposition(SampleFamilies.all, inPlaceOf: first)
        #expect(second.formsMade == [form])
        // Nobody asked the second one before it was replaced as well.
        let third = RenderedExposition(SampleFamilies.all, inPlaceOf: second)
        #expect(third.formsMade == [form])
        // Another form is asked for now: the old one is no longer made.
        _ = third.body(in: ExpositionForm(.text))
        #expect(RenderedExposition(SampleFamilies.all, inPlaceOf: third).formsMade == [ExpositionForm(.text)])
    }

    /// By zlib's inflate, which checks length and CRC.
    private static func inflated(_ member: [UInt8]) throws -> [UInt8] {
        var stream = z_stream()
        guard inflateInit2_(&stream, 31, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw TestFailure("no memory for zlib")
        }
        defer { inflateEnd(&stream) }
        var input = member
        var output = [UInt8](repeating: 0, count: 16 << 20)
        let result = input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                stream.next_in = input.baseAddress
                stream.avail_in = uInt(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = uInt(output.count)
                return inflate(&stream, Z_FINISH)
            }
        }
        guard result == Z_STREAM_END, stream.avail_in == 0 else { throw TestFailure("not one whole gzip member") }
        return Array(output.prefix(Int(stream.total_out)))
    }
}
