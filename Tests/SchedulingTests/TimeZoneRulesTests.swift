import Backups
import Foundation
import Testing

@testable import Scheduling

@Suite struct TimeZoneRulesTests {
    @Test(
        arguments: [
            ("UTC", "2026-07-01T00:00:00Z", 0), ("Europe/Berlin", "2026-01-01T00:00:00Z", 3600),
            ("Europe/Berlin", "2026-03-29T00:59:59Z", 3600), ("Europe/Berlin", "2026-03-29T01:00:00Z", 7200),
            ("Europe/Berlin", "2026-10-25T00:59:59Z", 7200), ("Europe/Berlin", "2026-10-25T01:00:00Z", 3600),
            ("Europe/Berlin", "2045-07-01T00:00:00Z", 7200), ("Asia/Kathmandu", "2026-01-01T00:00:00Z", 20_700),
            ("Australia/Lord_Howe", "2026-01-01T00:00:00Z", 39_600),
            ("Australia/Lord_Howe", "2060-07-01T00:00:00Z", 37_800),
            ("Europe/Dublin", "2050-07-01T00:00:00Z", 3600), ("Europe/Dublin", "2050-01-01T00:00:00Z", 0),
            ("America/Nuuk", "2050-07-01T00:00:00Z", -3600), ("Etc/GMT+5", "2026-01-01T00:00:00Z", -18_000),
        ])
    func offsets(name: String, moment: String, offset: Int64) throws {
        #expect(try TimeZoneRules(named: name).offset(at: #require(Timestamp(moment))) == offset)
    }

    /// Foundation has readers of its own for the same database.
    @Test(arguments: [
        "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Tehran", "Pacific/Apia",
    ])
    func agreesWithFoundation(name: String) throws {
        let zone = try TimeZoneRules(named: name)
        let other = try #require(TimeZone(identifier: name))
        var differences: [String] = []
        // Each 5 hours and 1 second of 1975 to 2036.
        for seconds in stride(from: Int64(157_766_400), to: 2_082_758_400, by: 18_001) {
            let moment = Timestamp(seconds: seconds)
            let expected = other.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds)))
            if zone.offset(at: moment) != Int64(expected) { differences.append("\(moment)") }
        }
        #expect(differences.prefix(3) == [])
    }

    @Test(
        arguments: [
            "Europe/Berlim", "CEST", "", "../../etc/passwd", "/etc/passwd", "Europe", "CET-1CEST,M3.5.0,M10.5.0/3",
            "tzdata.zi",
            "zone.tab", "Europe/Berlin ", "right/UTC",
        ])
    func unknownNames(name: String) {
        let problem = #expect(throws: ScheduleProblem.self) { try TimeZoneRules(named: name) }
        #expect(problem?.message.contains("is no time zone") == true)
    }

    @Test func missingDatabaseIsSaid() {
        let problem = #expect(throws: ScheduleProblem.self) {
            try TimeZoneRules(named: "Europe/Berlin", directory: "/nonexistent")
        }
        #expect(problem?.message.contains("install tzdata") == true)
    }

    /// A file that is cut anywhere is refused, and never read past its end.
    @Test func cutFilesAreRefused() throws {
        let bytes = [UInt8](try Data(contentsOf: URL(filePath: "/usr/share/zoneinfo/Australia/Lord_Howe")))
        #expect(try TimeZoneFile(bytes).annualRule != nil)
        for length in 0..<bytes.count {
            #expect(throws: ScheduleProblem.self) { try TimeZoneFile(Array(bytes.prefix(length))) }
        }
    }

    @Test(
        arguments: [
            ("CET-1CEST,M3.5.0,M10.5.0/3", 3600, 7200), ("<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", 37_800, 39_600),
            ("EST5EDT,M3.2.0,M11.1.0", -18_000, -14_400), ("IST-1GMT0,M10.5.0,M3.5.0/1", 3600, 0),
            ("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", -7200, -3600), ("XXX3YYY,J60/2,J300", -10_800, -7200),
        ] as [(String, Int64, Int64)])
    func footers(text: String, standard: Int64, daylight: Int64) throws {
        let rule = try #require(AnnualClockRule(text))
        #expect(rule.standardOffset == standard)
        #expect(rule.daylight?.offset == daylight)
    }

    @Test(arguments: [
        "", "CET", "CET-1CEST", "CE-1", "CET-25", "<+03-3", "CET-1CEST,M13.5.0,M10.5.0", "CET-1CEST,M3.5.0", "UTC0x",
    ])
    func footersThatAreNone(text: String) {
        #expect(AnnualClockRule(text) == nil)
    }

    @Test(
        arguments: [
            (AnnualClockRule.Day.withoutLeapDay(60), 2028, "2028-03-01"), (.withoutLeapDay(60), 2027, "2027-03-01"),
            (.withoutLeapDay(59), 2028, "2028-02-28"), (.ofYear(59), 2028, "2028-02-29"),
            (.ofYear(0), 2028, "2028-01-01"),
            (.weekday(month: 2, week: 5, weekday: 2), 2028, "2028-02-29"),
            (.weekday(month: 2, week: 5, weekday: 2), 2027, "2027-02-23"),
            (.weekday(month: 10, week: 1, weekday: 0), 2026, "2026-10-04"),
        ] as [(AnnualClockRule.Day, Int64, String)])
    func daysOfRules(day: AnnualClockRule.Day, year: Int64, expected: String) throws {
        let days = try #require(day.daysSince1970(in: year))
        #expect(Timestamp(seconds: days * 86_400).description.hasPrefix(expected))
    }

    /// What clocks of a zone show is a moment again: the first one of an hour that comes twice, the step of one that is
    /// left out.
    @Test(arguments: [
        "UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Pacific/Apia",
        "Etc/GMT-14", "Etc/GMT+12",
    ])
    func localTimesAreMomentsAgain(name: String) throws {
        let zone = try TimeZoneRules(named: name)
        var differences: [String] = []
        // Each 47 minutes of 2009 to 2037.
        for local in stride(from: Int64(1_230_768_000), to: 2_114_380_800, by: 2_820) {
            let moment = zone.moment(local: local)
            let shown = moment.seconds + zone.offset(at: moment)
            let before = Timestamp(seconds: moment.seconds - 1)
            // Of a time that is left out: nothing shows it, and the clocks were set at this moment.
            let isStep = shown > local && before.seconds + zone.offset(at: before) < local
            // Nothing shows it up to a day earlier.
            let isFirst = [1800, 3600, 7200, 86_400].allSatisfy { (earlier: Int64) in
                let other = Timestamp(seconds: moment.seconds - earlier)
                return other.seconds + zone.offset(at: other) != local
            }
            if !(shown == local || isStep) || !isFirst { differences.append("\(local): \(moment)") }
        }
        #expect(differences.prefix(3) == [])
    }
}
