import Testing

@testable import Settings

@Suite struct ConfigurationSchemaTests {
    private let record = ConfigurationKeys.discover()

    private var keys: Set<String> {
        Set(record.sections.flatMap { section, keys in keys.map { ConfigurationKeys.path(of: $0.name, in: section) } })
    }

    @Test func theReaderTellsItsKeys() {
        #expect(keys.isSuperset(of: ["listen", "scratch.jobs", "databases", "databases[].backups.location"]))
        #expect(keys.contains("databases[].freshness[].column"))
        #expect(record.sections["databases[]"]?.first { $0.name == "name" }?.isRequired == true)
        #expect(record.sections["databases[].backups"]?.first { $0.name == "match" }?.isRequired == false)
        #expect(record.sections["databases[].backups"]?.first { $0.name == "filter" }?.form == .texts)
    }

    @Test func everyKeyIsDescribedAndNothingElse() {
        #expect(keys.subtracting(KeyDescriptions.all.keys) == [], "KeyDescriptions lacks these")
        #expect(Set(KeyDescriptions.all.keys).subtracting(keys) == [], "the reader does not know these")
        #expect(KeyDescriptions.all.values.allSatisfy { !$0.isEmpty })
    }

    @Test func theSchemaHasEveryKey() {
        let text = ConfigurationSchema.text
        for key in keys {
            let name = key.split(separator: ".").last ?? ""
            #expect(text.contains("\"\(name)\": {"), "\(key)")
        }
    }

    @Test func keysAreNotedOnlyForWhoAsks() {
        #expect(ProblemList().keys == nil)
    }
}
