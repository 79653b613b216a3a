import Backups
import TestSupport
import Testing

@testable import Scheduling

@Suite struct CronExpressionTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let expression, zone, after: String
        let expected: [String]

        init(_ expression: String, _ zone: String, after: String, _ expected: [String]) {
            (self.expression, self.zone, self.after, self.expected) = (expression, zone, after, expected)
        }

        var testDescription: String { "\(expression) in \(zone) after \(after)" }
    }

    static let inUTC = [
        Case("0 4 * * 0", "UTC", after: "2026-11-21T00:00:00Z", ["2026-11-22T04:00:00Z", "2026-11-29T04:00:00Z"]),
        Case("0 4 * * 7", "UTC", after: "2026-11-22T04:00:00Z", ["2026-11-29T04:00:00Z"]),
        Case("0 4 * * 0", "UTC", after: "2026-11-22T03:59:59Z", ["2026-11-22T04:00:00Z"]),
        Case("@daily", "UTC", after: "2026-12-31T12:00:00Z", ["2027-01-01T00:00:00Z"]),
        Case("@Weekly", "UTC", after: "2026-11-21T12:00:00Z", ["2026-11-22T00:00:00Z"]),
        Case("@monthly", "UTC", after: "2026-11-21T12:00:00Z", ["2026-12-01T00:00:00Z"]),
        Case("@yearly", "UTC", after: "2026-11-21T12:00:00Z", ["2027-01-01T00:00:00Z", "2028-01-01T00:00:00Z"]),
        Case(
            "*/20 22-23 * * *", "UTC", after: "2026-11-21T22:30:00Z",
            [
                "2026-11-21T22:40:00Z", "2026-11-21T23:00:00Z", "2026-11-21T23:20:00Z", "2026-11-21T23:40:00Z",
                "2026-11-22T22:00:00Z",
            ]),
        Case(
            "5-59/20 1 * * *", "UTC", after: "2026-11-21T01:05:00Z", ["2026-11-21T01:25:00Z", "2026-11-21T01:45:00Z"]),
        // Either day will do when both are restricted: 13 November 2026 is a Friday, and so is the 20th.
        Case(
            "0 0 13 * fri", "UTC", after: "2026-12-01T00:00:00Z",
            ["2026-12-04T00:00:00Z", "2026-12-11T00:00:00Z", "2026-12-13T00:00:00Z"]),
        // Both have to match when one begins with a star, as Vixie cron has it.
        Case("0 0 */2 * mon", "UTC", after: "2026-12-01T00:00:00Z", ["2026-12-07T00:00:00Z", "2026-12-21T00:00:00Z"]),
        Case(
            "0 0 1 jan,JUL sun-mon", "UTC", after: "2026-12-30T00:00:00Z",
            ["2027-01-01T00:00:00Z", "2027-01-03T00:00:00Z"]),
        Case(
            "0 0 * * fri-sun", "UTC", after: "2026-11-19T00:00:00Z",
            ["2026-11-20T00:00:00Z", "2026-11-21T00:00:00Z", "2026-11-22T00:00:00Z", "2026-11-27T00:00:00Z"]),
        Case("0 0 29 2 *", "UTC", after: "2026-11-21T00:00:00Z", ["2028-02-29T00:00:00Z", "2032-02-29T00:00:00Z"]),
        Case("0 0 29 2 *", "UTC", after: "2096-03-01T00:00:00Z", ["2104-02-29T00:00:00Z"]),
        Case(
            "0 0 31 * *", "UTC", after: "2026-11-01T00:00:00Z",
            ["2026-12-31T00:00:00Z", "2027-01-31T00:00:00Z", "2027-03-31T00:00:00Z"]),
    ]

    /// 2026: Berlin on 29 March at 01:00 UTC and 25 October at 01:00 UTC, New York on 8 March at 07:00 UTC and
    /// 1 November at 06:00 UTC, Lord Howe (half an hour) on 5 April and 4 October at 15:30 UTC of the day before.
    static let clocksSet = [
        Case(
            "30 2 * * *", "Europe/Berlin", after: "2026-03-27T12:00:00Z",
            ["2026-03-28T01:30:00Z", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z"]),
        Case(
            "0,30 2 * * *", "Europe/Berlin", after: "2026-03-28T12:00:00Z",
            ["2026-03-29T01:00:00Z", "2026-03-30T00:00:00Z"]),
        Case(
            "0 2,3 * * *", "Europe/Berlin", after: "2026-03-28T12:00:00Z",
            ["2026-03-29T01:00:00Z", "2026-03-30T00:00:00Z"]),
        Case("30 2 * * sat", "Europe/Berlin", after: "2026-03-28T12:00:00Z", ["2026-04-04T00:30:00Z"]),
        Case(
            "30 2 * * *", "Europe/Berlin", after: "2026-10-24T12:00:00Z",
            ["2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"]),
        Case(
            "0 2 * * *", "Europe/Berlin", after: "2026-10-24T12:00:00Z",
            ["2026-10-25T00:00:00Z", "2026-10-26T01:00:00Z"]),
        Case(
            "0 3 * * *", "Europe/Berlin", after: "2026-10-24T12:00:00Z",
            ["2026-10-25T02:00:00Z", "2026-10-26T02:00:00Z"]),
        Case(
            "30 * * * *", "Europe/Berlin", after: "2026-03-29T00:00:00Z",
            ["2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z"]),
        Case(
            "30 * * * *", "Europe/Berlin", after: "2026-10-24T23:45:00Z",
            ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "2026-10-25T02:30:00Z"]),
        Case(
            "0 */2 * * *", "Europe/Berlin", after: "2026-10-24T23:30:00Z",
            ["2026-10-25T00:00:00Z", "2026-10-25T01:00:00Z", "2026-10-25T03:00:00Z"]),
        Case(
            "30 2 * * *", "America/New_York", after: "2026-03-07T12:00:00Z",
            ["2026-03-08T07:00:00Z", "2026-03-09T06:30:00Z"]),
        Case(
            "30 1 * * *", "America/New_York", after: "2026-10-31T12:00:00Z",
            ["2026-11-01T05:30:00Z", "2026-11-02T06:30:00Z"]),
        Case(
            "15 2 * * *", "Australia/Lord_Howe", after: "2026-10-03T00:00:00Z",
            ["2026-10-03T15:30:00Z", "2026-10-04T15:15:00Z"]),
        Case(
            "45 1 * * *", "Australia/Lord_Howe", after: "2026-04-04T00:00:00Z",
            ["2026-04-04T14:45:00Z", "2026-04-05T15:15:00Z"]),
        Case(
            "45 * * * *", "Australia/Lord_Howe", after: "2026-04-04T14:00:00Z",
            ["2026-04-04T14:45:00Z", "2026-04-04T15:15:00Z", "2026-04-04T16:15:00Z"]),
        // Samoa had no 30 December 2011.
        Case(
            "0 4 30 12 *", "Pacific/Apia", after: "2011-12-01T00:00:00Z",
            ["2011-12-30T10:00:00Z", "2012-12-29T14:00:00Z"]),
        // After the table of the file, by the rule in its footer.
        Case(
            "30 2 * * *", "Europe/Berlin", after: "2050-03-26T12:00:00Z",
            ["2050-03-27T01:00:00Z", "2050-03-28T00:30:00Z"]),
        Case("0 12 * * *", "America/New_York", after: "2099-07-01T00:00:00Z", ["2099-07-01T16:00:00Z"]),
    ]

    @Test(arguments: inUTC + clocksSet)
    func next(_ row: Case) throws {
        let expression = try CronExpression(row.expression)
        let zone = try TimeZoneRules(named: row.zone)
        var moment = try #require(Timestamp(row.after))
        for expected in row.expected {
            moment = try #require(expression.next(after: moment, in: zone))
            #expect(moment.description == expected)
        }
    }

    @Test(
        arguments: [
            ("60 * * * *", "minute", "0-59"), ("* 24 * * *", "hour", "0-23"), ("* * 0 * *", "day of month", "1-31"),
            ("* * 32 * *", "day of month", "1-31"), ("* * * 13 *", "month", "jan-dec"),
            ("* * * * 8", "day of week", "sun-sat"),
            ("* * * foo *", "month", "1-12"), ("-1 * * * *", "minute", "0-59"), ("+1 * * * *", "minute", "0-59"),
            ("1,,2 * * * *", "minute", "0-59"), ("*/0 * * * *", "minute", "step"), ("*/99 * * * *", "minute", "step"),
            ("5/10 * * * *", "minute", "5-59/10"), ("30-10 * * * *", "minute", "30-59,0-10"),
            ("* * L * *", "day of month", "1-31"),
            ("* * * * mon#1", "day of week", "sun-sat"), ("0 0 30 2 *", "never comes", "month"),
            ("0 0 31 4,6,9,11 *", "never comes", "month"), ("* * * *", "4 fields", "five"),
            ("0 0 4 * * 0", "6 fields", "five"),
            ("", "0 fields", "five"), ("@reboot", "@reboot", "@daily"),
            ("1152921504606846976 * * * *", "minute", "0-59"),
        ])
    func isRefused(text: String, names: String, allowed: String) {
        let problem = #expect(throws: ScheduleProblem.self) { try CronExpression(text) }
        #expect(problem?.message.contains(names) == true, "\(problem?.message ?? "")")
        #expect(problem?.message.contains(allowed) == true, "\(problem?.message ?? "")")
    }

    /// Against a search that tries each minute of two months round each change of the clocks.
    @Test(
        arguments: ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC", "Africa/Casablanca"],
        0..<6 as Range<UInt64>)
    func agreesWithTryingEachMinute(zoneName: String, seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let zone = try TimeZoneRules(named: zoneName)
        let minute = Int.random(in: 0...59, using: &generator)
        let expression = try CronExpression("\(minute) */\(Int.random(in: 1...4, using: &generator)) * * *")
        for start in ["2026-03-06T00:00:00Z", "2026-10-03T00:00:00Z", "2026-10-24T00:00:00Z"] {
            let first = try #require(Timestamp(start)).seconds
            var expected: [Int64] = []
            for second in stride(from: first + 60, to: first + 3 * 86_400, by: 60) {
                let local = second + zone.offset(at: Timestamp(seconds: second))
                let hour = (local / 3600) % 24
                if expression.hours & 1 << UInt64(hour) != 0, local / 60 % 60 == Int64(minute) {
                    expected.append(second)
                }
            }
            var found: [Int64] = []
            var moment = Timestamp(seconds: first)
            while let next = expression.next(after: moment, in: zone), next.seconds < first + 3 * 86_400 {
                found.append(next.seconds)
                moment = next
            }
            #expect(found == expected)
        }
    }
}
