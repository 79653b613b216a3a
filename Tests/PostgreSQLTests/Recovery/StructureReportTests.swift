import Testing

@testable import PostgreSQL

/// What `pg_amcheck` prints, told apart.
@Suite struct StructureReportTests {
    @Test(
        arguments: [
            (
                #"heap table "shop.public.t", block 3, offset 7, attribute 1:"#, "attribute ends at offset 9", true,
                false
            ),
            (
                #"heap table "shop.public.t":"#, "ERROR:  XX001: invalid page in block 0 of relation base/5/1", true,
                false
            ),
            (
                #"heap table "shop.public.t":"#, #"ERROR:  58P01: could not open file "base/5/16384": No such file"#,
                true, false
            ),
            (
                #"heap table "shop.public.t":"#, #"ERROR:  58P01: could not access file "$libdir/postgis-3""#, false,
                false
            ),
            (
                #"heap table "shop.public.t":"#,
                #"ERROR:  53000: could not open file "base/5/16384": Too many open files"#,
                false, false
            ),
            (#"heap table "shop.public.t":"#, "ERROR:  58P01: could not access status of transaction 7", true, false),
            (
                #"btree index "shop.public.i":"#,
                #"ERROR:  XX000: could not open file "base/5/16384.1" (target block 150): previous segment is only 4 blocks"#,
                true, false
            ),
            (#"btree index "shop.public.i":"#, "ERROR:  53200: out of memory", false, false),
            (
                #"btree index "shop.public.i":"#, #"ERROR:  XX002: item order invariant violated for index "i""#, true,
                true
            ),
            (#"btree index "shop.public.i":"#, #"ERROR:  XX002: index "i" lacks a main relation fork"#, true, false),
        ])
    func damageIsToldFromTrouble(head: String, text: String, isDamage: Bool, isAboutOrder: Bool) throws {
        let report = StructureReport("\(head)\n    \(text)\n    DETAIL:  more\n")
        let finding = try #require(report.findings.first)
        #expect(report.findings.count == 1)
        #expect(finding.head == head)
        #expect(finding.isDamage == isDamage)
        #expect(finding.isAboutOrder == isAboutOrder)
        #expect(finding.relation == (head.hasPrefix("heap") ? "shop.public.t" : "shop.public.i"))
    }

    @Test(
        arguments: [
            ("b", "", nil, nil, true), ("c", "C", nil, nil, true), ("c", "C.UTF-8", nil, nil, true),
            ("c", "en_US.UTF-8", "2.36", "2.36", true), ("c", "en_US.UTF-8", "2.31", "2.36", false),
            ("c", "en_US.UTF-8", nil, "2.36", false), ("i", "", "153.120", "153.14", false),
        ] as [(String, String, String?, String?, Bool)])
    func collationsAreTheSameWhereThatIsCertain(
        provider: String, locale: String, version: String?, here: String?, isSame: Bool
    ) {
        let collation = IndexCollation(provider: provider, locale: locale, version: version, versionHere: here)
        #expect(collation.isSame == isSame)
    }
}
