import Backups
import Testing

@testable import PostgreSQL

@Suite struct RecoveryTargetTests {
    @Test(
        arguments: [
            ("latest", "latest", nil), ("immediate", "immediate", "recovery_target=immediate"),
            ("lsn:16/B374D848", "lsn:16/B374D848", "recovery_target_lsn=16/B374D848"),
            ("xid:7412", "xid:7412", "recovery_target_xid=7412"),
            ("name:before-upgrade", "name:before-upgrade", "recovery_target_name=before-upgrade"),
            (
                "2026-11-20T02:00:07Z", "2026-11-20T02:00:07Z", "recovery_target_time=2026-11-20 02:00:07.000000+00"
            ),
            (
                "2026-11-20 02:00:07.25+01:00", "2026-11-20T01:00:07.250000Z",
                "recovery_target_time=2026-11-20 01:00:07.250000+00"
            ),
        ] as [(String, String, String?)])
    func readsWhatPeopleWrite(text: String, description: String, setting: String?) throws {
        let target = try RecoveryTarget(text)
        #expect(target.description == description)
        #expect(target.settings.first.map { "\($0.name)=\($0.value)" } == setting)
    }

    @Test(arguments: [
        ("2026-11-20T02:00:07", "2026-11-20T02:00:07 has no zone; write 2026-11-20T02:00:07Z for UTC"),
        ("yesterday", "yesterday is no target"), ("lsn:16", "16 is no place in the write-ahead log"),
        ("xid:2", "2 is no transaction"), ("xid:x", "x is no transaction"),
        ("name:", "a restore point's name has 1 to 63 bytes"),
        ("name:" + String(repeating: "n", count: 64), "a restore point's name has 1 to 63 bytes"),
        ("latest:1", "latest:1 is no target"), ("", " is no target"),
    ])
    func saysWhatIsWrong(text: String, flaw: String) {
        let error = #expect(throws: RecoveryTarget.Flaw.self) { try RecoveryTarget(text) }
        #expect(error?.description.contains(flaw) == true, "\(error?.description ?? "")")
    }
}
