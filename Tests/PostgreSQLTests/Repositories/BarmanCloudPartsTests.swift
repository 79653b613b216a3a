import Testing

@testable import PostgreSQL

@Suite struct BarmanCloudPartsTests {
    private func missing(_ names: String...) -> [String] {
        var parts = BarmanCloudParts()
        for name in names { parts.add(Substring(name)) }
        return parts.missing
    }

    @Test func onlyHolesAreMissed() {
        #expect(missing() == [] && missing("backup.info") == [] && missing("data.tar") == [])
        #expect(missing("backup.info", "data.tar", "data_0001.tar", "data_0002.tar", "16385.tar") == [])
        #expect(
            missing("data.tar.gz", "data_0002.tar.gz", "16385_0001.tar.gz") == ["16385.tar.gz", "data_0001.tar.gz"])
        #expect(missing("data_0003.tar.bz2") == ["data.tar.bz2", "data_0001.tar.bz2", "data_0002.tar.bz2"])
        #expect(missing("data.tar", "data_000x.tar", "data_.tar", "data_0000.tar", "data_99999999999999.tar") == [])
        #expect(missing("data_999999.tar").count == 20)
        #expect(missing("data.tar", "copy_2024.tar") == [])
    }
}
