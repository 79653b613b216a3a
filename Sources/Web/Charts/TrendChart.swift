import Backups

/// A line over time as inline SVG, with words for those who don't see it.
struct TrendChart {
    struct Point: Equatable {
        let time: Timestamp
        let value: Double
    }

    /// Unique on its page.
    let id: String
    /// What is shown: `Size of shop`.
    let title: String
    /// The oldest first.
    let points: [Point]
    /// Where the newest value is expected to lie.
    var band: ClosedRange<Double>?
    /// What no value should be above.
    var limit: Double?
    /// A value in words.
    let spoken: (Double) -> String
    /// A small one, without a caption.
    var isSpark = false

    /// Nothing can be drawn of fewer than two points.
    var text: String {
        let points = points.filter(\.value.isFinite)
        guard points.count >= 2, let first = points.first, let last = points.last else { return "" }
        let scale = Scale(points, band: band, limit: limit)
        let isOdd = limit.map { last.value > $0 } ?? false || !(band?.contains(last.value) ?? true)
        var shapes = ""
        if let band {
            let (top, bottom) = (scale.y(band.upperBound), scale.y(band.lowerBound))
            shapes +=
                "<rect class=\"band\" x=\"0\" width=\"200\" y=\"\(Self.digits(top))\""
                + " height=\"\(Self.digits(max(0.5, bottom - top)))\"/>"
        }
        if let limit, limit <= 2 * (points.map(\.value).max() ?? 0) {
            let height = Self.digits(scale.y(limit))
            shapes += "<line class=\"limit\" x1=\"0\" x2=\"200\" y1=\"\(height)\" y2=\"\(height)\"/>"
        }
        let line = points.map { "\(Self.digits(scale.x($0.time))),\(Self.digits(scale.y($0.value)))" }
        let end = "\(Self.digits(scale.x(last.time))) \(Self.digits(scale.y(last.value)))"
        shapes +=
            "<polyline class=\"line\" points=\"\(line.joined(separator: " "))\"/>"
            + "<path class=\"last\(isOdd ? " odd" : "")\" d=\"M\(end)h0\"/>"
        let svg = """
            <svg class="\(isSpark ? "spark" : "trend")" viewBox="0 0 200 60" preserveAspectRatio="none" role="img" \
            aria-labelledby="\(id)-t \(id)-d"><title id="\(id)-t">\(HTML.escaped(title))</title>\
            <desc id="\(id)-d">\(HTML.escaped(description(first, last, points)))</desc>\(shapes)</svg>
            """
        guard !isSpark else { return svg }
        return "<figure>\(svg)<figcaption><b>\(HTML.escaped(title))</b>: "
            + "\(HTML.escaped(description(first, last, points)))</figcaption></figure>"
    }

    private func description(_ first: Point, _ last: Point, _ points: [Point]) -> String {
        let values = points.map(\.value)
        let range = "\(spoken(values.min() ?? 0)) to \(spoken(values.max() ?? 0))"
        let limit = limit.map { ", objective \(spoken($0))\($0 <= 2 * (values.max() ?? 0) ? " (dashed)" : "")" } ?? ""
        let band = band.map { ", expected \(spoken($0.lowerBound)) to \(spoken($0.upperBound)) (shaded)" } ?? ""
        return "\(points.count) values from \(first.time.description.prefix(10)) to "
            + "\(last.time.description.prefix(10)), \(range), the newest \(spoken(last.value))\(band)\(limit)"
    }

    /// Two decimals: no more can be seen.
    static func digits(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        let (whole, rest) = hundredths.magnitude.quotientAndRemainder(dividingBy: 100)
        return "\(hundredths < 0 ? "-" : "")\(whole).\(rest < 10 ? "0" : "")\(rest)"
    }

    /// Maps times to 4…196 and values to 56…4: room for the dot at the end.
    private struct Scale {
        private let start: Timestamp
        private let span: Double
        private let low: Double
        private let height: Double

        init(_ points: [Point], band: ClosedRange<Double>?, limit: Double?) {
            let times = points.map(\.time)
            start = times.min() ?? Timestamp(seconds: 0)
            span = max(1, (times.max() ?? start).seconds(since: start))
            // An objective far away would press the line flat: it is told in words alone.
            let values = points.map(\.value)
            let largest = values.max() ?? 0
            let shown =
                values
                + [band?.lowerBound, band?.upperBound, limit].compactMap { $0 }
                .filter { $0 <= 2 * largest }
            let (least, most) = (shown.min() ?? 0, shown.max() ?? 0)
            let margin = max((most - least) * 0.05, abs(most) * 0.02, 1e-9)
            low = least - margin
            height = most + margin - low
        }

        func x(_ time: Timestamp) -> Double { 4 + 192 * time.seconds(since: start) / span }

        func y(_ value: Double) -> Double { 56 - 52 * min(1, max(0, (value - low) / height)) }
    }
}
