import Testing

@testable import Exposition

@Suite struct NegotiationTests {
    @Test(arguments: [
        // Prometheus 2.42.
        (
            "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
                + "text/plain;version=0.0.4;q=0.5,*/*;q=0.1", ExpositionFormat.openMetrics
        ),
        // Prometheus 2.30: knows only a draft of OpenMetrics.
        ("application/openmetrics-text; version=0.0.1,text/plain;version=0.0.4;q=0.5,*/*;q=0.1", .text),
        // Prometheus 3.
        (
            "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,"
                + "application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,"
                + "text/plain;version=0.0.4;q=0.2,*/*;q=0.1", .openMetrics
        ),
        // Prometheus 3 with native histograms.
        (
            "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6,"
                + "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,"
                + "text/plain;version=0.0.4;q=0.2,*/*;q=0.1", .openMetrics
        ),
        // Prometheus 3 told to scrape text first.
        (
            "text/plain;version=0.0.4;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,"
                + "application/openmetrics-text;version=1.0.0;q=0.2,*/*;q=0.1", .text
        ),
        // A browser, and curl.
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", .text), ("*/*", .text),
        ("", .text), ("text/plain", .text), ("application/openmetrics-text", .openMetrics),
        ("application/openmetrics-text, */*", .openMetrics), ("*/*, application/openmetrics-text", .openMetrics),
        ("application/openmetrics-text, text/plain", .text), ("application/*", .openMetrics), ("text/*", .text),
        ("application/openmetrics-text;q=0.5, text/plain;q=0.6", .text),
        ("application/openmetrics-text;q=0, */*", .text), ("text/plain;q=0, */*;q=0.1", .openMetrics),
        ("application/openmetrics-text;version=1.0.0;q=0, application/openmetrics-text;q=1", .text),
        ("APPLICATION/OpenMetrics-Text ; Version=\"1.0.0\" ; Q=0.9 , text/plain;q=0.1", .openMetrics),
        ("application/openmetrics-text;version=2.0.0, text/plain;version=1.0.0", .text),
        // Neither accepted, or no sense in it: text all the same.
        ("application/json", .text), ("*/*;q=0", .text), (",;,q=1", .text),
        ("application/openmetrics-text;q=nonsense", .text), ("application/openmetrics-text;q=2", .text),
        ("text/plain;x=\"a,application/openmetrics-text;y=\"", .text),
    ])
    func choosesTheFormat(accept: String, format: ExpositionFormat) {
        #expect(ExpositionForm(accept: accept, acceptEncoding: nil) == ExpositionForm(format))
    }

    @Test(arguments: [
        ("gzip", true), ("gzip, deflate, br", true), ("deflate, GZIP;q=0.5", true), ("x-gzip", true), ("*", true),
        ("", false), ("identity", false), ("deflate", false), ("gzip;q=0", false), ("gzip;q=0, *", false),
        ("*;q=0", false), ("gzip;q=0.5, identity;q=0.8", false), ("gzip;q=0.0", false), ("gzip;q=nonsense", false),
    ])
    func choosesTheCoding(acceptEncoding: String, isGzipped: Bool) {
        #expect(ExpositionForm(accept: nil, acceptEncoding: acceptEncoding).isGzipped == isGzipped)
    }

    @Test func nothingSaidIsPlainText() {
        #expect(ExpositionForm(accept: nil, acceptEncoding: nil) == ExpositionForm(.text))
    }

    @Test func namesWhatIsSent() {
        #expect(ExpositionForm(.text).contentType == "text/plain; version=0.0.4; charset=utf-8")
        #expect(ExpositionForm(.text).contentEncoding == nil)
        let openMetrics = ExpositionForm(.openMetrics, isGzipped: true)
        #expect(openMetrics.contentType == "application/openmetrics-text; version=1.0.0; charset=utf-8")
        #expect(openMetrics.contentEncoding == "gzip")
    }
}
