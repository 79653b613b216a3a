import Glibc
import TestSupport
import Testing

@testable import Locations

@Suite struct XMLReaderTests {
    private func events(_ text: String) throws -> [XMLReader.Event] {
        var reader = XMLReader(Array(text.utf8))
        var events: [XMLReader.Event] = []
        while let event = try reader.next() { events.append(event) }
        return events
    }

    @Test func elementsAndTextAreRead() throws {
        let text = """
            \u{FEFF}<?xml version="1.0" encoding="UTF-8"?>
            <!-- a > comment -->
            <a:List xmlns="http://x/>y" b='>'><Key>&lt;a&amp;b&gt; &#228;&#xE4;&quot;&apos;</Key><Empty/><C><![CDATA[<&]]></C></a:List >

            """
        #expect(
            try events(text) == [
                .begin("List"), .begin("Key"), .text("<a&b> ää\"'"), .end("Key"), .begin("Empty"), .end("Empty"),
                .begin("C"),
                .text("<&"), .end("C"), .end("List"),
            ])
    }

    @Test(arguments: [
        "<a>", "<a></b>", "</a>", "<a", "<a b='", "text", "<a>&nope;</a>", "<a>&#x110000;</a>", "<a>&amp</a>",
        "<a>&#+65;</a>",
        "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "<a><!-- </a>", "<a><![CDATA[ </a>", "<></>", "<a <b></b></a>",
    ]) func whatIsNoneIsRefused(text: String) {
        #expect(throws: XMLReader.Flaw.self) { try events(text) }
    }

    @Test func depthIsBounded() {
        #expect(throws: XMLReader.Flaw.self) {
            try events(String(repeating: "<a>", count: 65) + String(repeating: "</a>", count: 65))
        }
    }

    /// Whatever comes, it ends, within its bytes; what is read of a cut document is a prefix of what is read of the
    /// whole.
    @Test func damageIsHarmless() {
        let seed = UInt64.random(in: .min ... .max)
        var generator = SeededGenerator(seed: seed)
        let original = Array(
            """
            <?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name>
            <IsTruncated>false</IsTruncated><EncodingType>url</EncodingType><Contents><Key>a%20b&amp;</Key><Size>12</Size>
            <LastModified>2026-11-20T02:00:00.000Z</LastModified><ETag>&quot;x&quot;</ETag></Contents></ListBucketResult>
            """.utf8)
        let whole = try? S3Page(original)
        #expect(whole?.entries.map(\.key) == ["a b&"])
        let seconds = getenv("RESTORABLE_FUZZ_SECONDS").flatMap { Int(String(cString: $0)) } ?? 1
        let deadline = ContinuousClock.now + .milliseconds(min(5000, 300 + seconds * 50))
        while ContinuousClock.now < deadline {
            var bytes = original
            for _ in 0...Int.random(in: 0...3, using: &generator) {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0...3, using: &generator) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
                case 1: bytes.remove(at: place)
                case 2: bytes.insert("<>&/\"'"[...].utf8.randomElement(using: &generator) ?? 0, at: place)
                default: bytes.removeLast(Int.random(in: 0..<bytes.count, using: &generator))
                }
                if bytes.isEmpty { bytes = original }
            }
            _ = XMLReader.values(bytes)
            guard let page = try? S3Page(bytes) else { continue }
            #expect(page.entries.count <= 1, "seed \(seed)")
        }
    }
}
