import Backups
import Testing

@testable import Reports

@Suite struct HTMLReportTests {
    private let verified = HTMLReport([SampleReport.verified()]).text
    private let failed = HTMLReport([SampleReport.failed()]).text

    @Test func nothingComesFromOutside() {
        for text in [verified, failed] {
            #expect(!text.contains("<script"))
            #expect(!text.contains("http:"))
            #expect(!text.contains("https:"))
            #expect(!text.contains("<link"))
            #expect(!text.contains("<img"))
            #expect(!text.contains("url("))
            #expect(text.contains("default-src 'none'"))
        }
    }

    @Test func everyTextIsEscaped() {
        #expect(failed.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
        #expect(failed.contains("&lt;b&gt;evil\\u{1b}[31m&lt;/b&gt;.sql"))
        #expect(failed.contains("&quot;a&amp;b&quot;"))
        #expect(!failed.unicodeScalars.contains("\u{1B}"))
    }

    @Test func everyTagIsClosedInOrder() {
        for text in [verified, failed, HTMLReport([SampleReport.verified(), SampleReport.failed()]).text] {
            var open: [Substring] = []
            for match in text.matches(of: #/<(/?)([a-z0-9]+)[^>]*>/#) {
                let name = match.2
                if ["meta", "br"].contains(name) { continue }
                if match.1 == "/" {
                    #expect(open.popLast() == name)
                } else {
                    open.append(name)
                }
            }
            #expect(open.isEmpty)
        }
    }

    @Test func aManagerFindsTheVerdictAndItsReason() {
        #expect(verified.contains("<strong>verified</strong>"))
        #expect(verified.contains("This backup restores."))
        #expect(verified.contains("not met"))
        #expect(failed.contains("<strong>failed</strong>"))
        #expect(failed.contains("What to do:"))
        #expect(failed.contains("(statement-failed)"))
        #expect(failed.contains("line 37"))
    }

    @Test func severalBackupsStandOneAfterTheOther() {
        let text = HTMLReport([SampleReport.verified(), SampleReport.failed()]).text
        #expect(text.matches(of: #/<article /#).count == 2)
        #expect(text.contains("<title>failed: 2 backups</title>"))
    }

    @Test func anEarlyStopDoesNotSayThatItRestores() {
        var report = SampleReport.verified()
        report.conclusion = Conclusion(
            verdict: .verified, reason: .stoppedEarly, message: "whole", hint: nil, proof: .itself,
            provedThrough: .integrity, stoppedAfter: .integrity, content: .proved)
        #expect(!HTMLReport([report]).text.contains("This backup restores."))
    }
}
