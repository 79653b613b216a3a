import CCurl
import Testing

@testable import Locations

/// What libcurl hands over, and what is held of it.
@Suite struct CurlSinkTests {
    private func receive(_ bytes: [UInt8], _ sink: CurlSink) -> Int {
        bytes.withUnsafeBytes { sink.receive($0) }
    }

    private func take(_ count: Int, _ sink: CurlSink, _ body: () -> Void = {}) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: count)
        let filled = buffer.withUnsafeMutableBytes { buffer in sink.filling(buffer) { _ in body() } }
        return Array(buffer[..<filled])
    }

    /// One piece, and then libcurl has to wait: memory is bounded whatever the store sends.
    @Test func noMoreThanOnePieceIsHeld() {
        let sink = CurlSink()
        #expect(receive([1, 2, 3], sink) == 3)
        #expect(receive([4, 5], sink) == restorable_curl_pause_code())
        #expect(sink.isPaused)
        #expect(take(2, sink) == [1, 2])
        #expect(receive([4, 5], sink) == restorable_curl_pause_code())
        sink.resume()
        let rest = take(9, sink) { #expect(receive([4, 5], sink) == 2) }
        #expect(rest == [3, 4, 5])
    }

    @Test func bytesGoIntoTheReadersBuffer() {
        let sink = CurlSink()
        let taken = take(4, sink) {
            #expect(receive([1, 2], sink) == 2)
            #expect(receive([3, 4, 5], sink) == 3)
            #expect(receive([6], sink) == restorable_curl_pause_code())
        }
        #expect(taken == [1, 2, 3, 4])
        #expect(take(4, sink) == [5])
    }

    /// libcurl may hand something over while nobody reads.
    @Test func whatComesBetweenTwoReadsIsKept() {
        let sink = CurlSink()
        let first = take(4, sink) { #expect(receive([1, 2, 3], sink) == 3) }
        #expect(first == [1, 2, 3])
        #expect(receive([4, 5], sink) == 2)
        #expect(receive([6], sink) == restorable_curl_pause_code())
        #expect(take(1, sink) == [4])
        #expect(take(4, sink) == [5])
    }

    @Test func theLastHeadCounts() {
        let sink = CurlSink()
        let lines = [
            "HTTP/1.1 100 Continue\r\n", "\r\n", "HTTP/1.1 503 Slow Down\r\n", "ETag: \"a\"\r\n",
            "x-amz-bucket-region:eu-1 \r\n",
            "\r\n",
        ]
        for line in lines { Array(line.utf8).withUnsafeBytes { sink.receive(headerLine: $0) } }
        #expect(sink.head.status == 503)
        #expect(sink.head["etag"] == "\"a\"" && sink.head["x-amz-bucket-region"] == "eu-1")
    }
}
