import Testing

@testable import Backups

@Suite struct QuantityTests {
    @Test(
        arguments: [(0, "0"), (999, "999"), (1000, "1,000"), (1_204_333, "1,204,333")]
            as [(UInt64, String)])
    func counts(number: UInt64, text: String) {
        #expect(Quantity.count(number) == text)
    }

    @Test(
        arguments: [
            (0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (1_048_575, "1.0 MiB"),
            (186_000_000, "177 MiB"),
            (1_500_000_000, "1.4 GiB"),
        ] as [(UInt64, String)])
    func bytes(number: UInt64, text: String) {
        #expect(Quantity.bytes(number) == text)
    }

    @Test(
        arguments: [
            (0, "0 ms"), (0.0042, "4 ms"), (0.9999, "1.0 s"), (3.44, "3.4 s"), (59.96, "1 min"),
            (125, "2 min 5 s"),
            (12_000, "3 h 20 min"), (187_200, "2 d 4 h"), (-5, "-5.0 s"),
        ] as [(Double, String)])
    func durations(seconds: Double, text: String) {
        #expect(Quantity.duration(seconds: seconds) == text)
    }

    @Test(
        arguments: [
            ("90s", 90_000), ("15m", 900_000), ("24h", 86_400_000), ("7d", 604_800_000),
            ("1h30m", 5_400_000),
            ("0s", 0), ("500ms", 500), ("2w", 1_209_600_000),
        ] as [(String, Int64)])
    func readsDurations(text: String, milliseconds: Int64) {
        #expect(DurationText.parse(text) == .milliseconds(milliseconds))
    }

    @Test(arguments: ["", "5", "h", "5 h", "-5s", "1.5h", "5y", "99999999999999w", "1h30"])
    func refusesOtherDurations(text: String) {
        #expect(DurationText.parse(text) == nil)
    }

    @Test(
        arguments: [
            ("0", 0), ("512MiB", 536_870_912), ("1GB", 1_000_000_000), ("20 GiB", 21_474_836_480),
            ("7B", 7),
        ] as [(String, UInt64)])
    func readsSizes(text: String, bytes: UInt64) {
        #expect(ByteSize.parse(text) == bytes)
    }

    @Test(arguments: ["", "MiB", "1.5GiB", "-1", "1mib", "99999999TiB"])
    func refusesOtherSizes(text: String) {
        #expect(ByteSize.parse(text) == nil)
    }
}
