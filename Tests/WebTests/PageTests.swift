import Backups
import Testing

@testable import Web

@Suite struct PageTests {
    private static let pages: [String] = {
        let facts = SampleFleet.facts
        var pages = [StatusPage(facts: facts, now: SampleFleet.now).text]
        for database in facts.databases {
            let runs = database.verification.recent
            pages.append(DatabasePage(facts: facts, database: database, runs: runs, now: SampleFleet.now).text)
            pages += runs.prefix(1).map {
                VerificationPage(id: $0.id, report: SampleFleet.report(of: $0), facts: facts, now: SampleFleet.now).text
            }
        }
        return pages
    }()

    /// Every tag that is opened is closed, in order (void elements apart), and no text holds a bare `<`.
    @Test(arguments: pages.indices)
    func isWellFormed(index: Int) {
        let page = Self.pages[index]
        let void: Set<String> = ["meta", "link", "!DOCTYPE"]
        var open: [String] = []
        for match in page.matches(of: /<(\/?)([A-Za-z!][A-Za-z0-9]*)((?:"[^"]*"|[^"<>])*?)(\/?)>/) {
            let name = String(match.2)
            if !match.1.isEmpty {
                #expect(open.popLast() == name)
            } else if match.4.isEmpty, !void.contains(name) {
                open.append(name)
            }
        }
        #expect(open == [])
        let rest = page.replacing(/<(\/?)([A-Za-z!][A-Za-z0-9]*)((?:"[^"]*"|[^"<>])*?)(\/?)>/, with: "")
        #expect(!rest.contains("<"))
        let ids = page.matches(of: /\ id="([^"]+)"/).map { String($0.1) }
        #expect(Set(ids).count == ids.count)
    }

    @Test(arguments: pages.indices)
    func holdsNothingThatThePolicyForbids(index: Int) {
        let page = Self.pages[index]
        #expect(!page.contains("style=\""))
        #expect(!page.contains("<script"))
        #expect(!page.contains(/\son[a-z]+\s*=/))
        #expect(!page.contains("<img"))
        #expect(!page.contains("\u{202E}"))
        #expect(!page.contains(/(src|href)="(?!\/|data:,")/))
    }

    @Test func hostileNamesAreShownAndLinked() {
        let page = Self.pages[0]
        #expect(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;\\u{202e}/../x"))
        #expect(page.contains("href=\"/databases/%3Cscript%3Ealert%281%29%3C%2Fscript%3E%22%27%26%E2%80%AE%2F..%2Fx\""))
    }

    @Test func theWorstComesFirstWithWhyAndSinceWhenAndHowMuch() throws {
        let page = Self.pages[0]
        let order = ["ledger", "shop", "crm", "analytics", "billing"].compactMap {
            page.firstRange(of: "<a href=\"/databases/\($0)\">")?.lowerBound
        }
        #expect(order.count == 5)
        #expect(order == order.sorted())
        #expect(page.contains("3 databases of 6 would not come back"))
        for text in [
            "Would not come back", "the gzip stream ends in the middle of a block", "look at the log of the job",
            "href=\"/verifications/108\"", "There is no backup", "3 d 2 h", "3 min 32 s", "in 22 h",
        ] {
            #expect(page.contains(text), "\(text)")
        }
    }

    @Test func onlyWhatWasFoundIsCalledDiscovered() {
        #expect(Self.pages[0].matches(of: /discovered/).count == 1)
        #expect(Self.pages.contains { $0.contains("discovered by the entry <b>{database}</b>") })
    }

    @Test func aDaemonThatIsNotUpToDateSaysSoBeforeAllElse() throws {
        var facts = SampleFleet.facts
        #expect(!Self.pages[0].contains("up to date"))
        facts.collectors["history"] = CollectorFacts(isSuccessful: false, seconds: 0)
        let page = StatusPage(facts: facts, now: SampleFleet.now).text
        let told = try #require(page.firstRange(of: "the history can&#39;t be read or written")).lowerBound
        #expect(told < (try #require(page.firstRange(of: "<article"))).lowerBound)
        // A database's own page is read alone, from the link of an alert.
        let database = try #require(facts.databases.first)
        let own = DatabasePage(facts: facts, database: database, runs: [], now: SampleFleet.now).text
        #expect(own.contains("the history can&#39;t be read or written"))
    }

    @Test func aHistoryThatWasSetAsideIsSaidOnEveryPage() throws {
        var facts = SampleFleet.facts
        #expect(!Self.pages.contains { $0.contains("The history was damaged") })
        facts.history.setAside = HistoryFacts.SetAside(path: "/h/<b>.corrupt-1", at: SampleFleet.hoursAgo(3))
        facts.collectors["history"] = CollectorFacts(isSuccessful: false, seconds: 0)
        facts.history.problem = "the file system of the history is full"
        let database = try #require(facts.databases.first)
        for page in [
            StatusPage(facts: facts, now: SampleFleet.now).text,
            DatabasePage(facts: facts, database: database, runs: [], now: SampleFleet.now).text,
        ] {
            #expect(page.contains("The history was damaged") && page.contains("/h/&lt;b&gt;.corrupt-1"))
            #expect(page.contains("the file system of the history is full"))
        }
    }

    /// Why a turn waits stands where one looks for when it comes.
    @Test(arguments: [
        (Hindrance.window(opens: SampleFleet.hoursAgo(-5)), "it waits: its window opens at "),
        (.cap(1), "it waits: 1 verification runs already, as many as may"),
        (.cap(3), "it waits: 3 verifications run already, as many as may"),
        (.noRoom("only 1 MiB are free in /s <for> it"), "it waits: only 1 MiB are free in /s &lt;for&gt; it"),
    ])
    func whatATurnWaitsForIsShown(hindrance: Hindrance, text: String) {
        var facts = SampleFleet.facts
        facts.databases = [SampleFleet.well("shop")]
        #expect(!StatusPage(facts: facts, now: SampleFleet.now).text.contains("it waits"))
        facts.databases[0].verification.hindrance = hindrance
        #expect(StatusPage(facts: facts, now: SampleFleet.now).text.contains(text))
        #expect(Hindrance.codes.contains(hindrance.code))
    }

    /// On a phone tables have no heads: each value brings its own.
    @Test(arguments: pages.indices)
    func everyCellNamesItsColumn(index: Int) {
        let page = Self.pages[index]
        #expect(page.matches(of: /<td/).count == page.matches(of: /<td data-label="/).count)
        for table in page.matches(of: /<table>((?:.|\n)*?)<\/table>/) {
            let heads = table.1.matches(of: /<th[^>]*>([^<]*)</).map { String($0.1) }
            let labels = table.1.matches(of: /data-label="([^"]*)"/).map { String($0.1) }
            #expect(Set(labels).isSubset(of: heads))
        }
    }

    /// The digest as `openssl dgst -sha256 -binary | base64` has it.
    @Test func theDigestOfTheStyleIsRight() throws {
        #expect(
            Fingerprint.sha256(Array("abc".utf8)).map(Base64.encoded) == "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=")
        let style = try #require(Self.pages[0].firstMatch(of: /<style>((?:.|\n)*?)<\/style>/)).1
        let digest = try #require(Fingerprint.sha256(Array(style.utf8)))
        #expect(PageStyle.contentSecurityPolicy.contains("'sha256-\(Base64.encoded(digest))'"))
    }

    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
    ])
    func base64IsThatOfTheStandard(plain: String, encoded: String) {
        #expect(Base64.encoded(Array(plain.utf8)) == encoded)
        #expect(Base64.decoded(encoded) == Array(plain.utf8))
    }

    @Test(arguments: ["Z", "Zg=", "Zg", "====", "Z\u{7f}==", "Zg==Zg=="])
    func otherTextIsNotBase64(text: String) {
        #expect(Base64.decoded(text) == nil)
    }

    @Test func aTrendIsDrawnFromItsValues() {
        func chart(_ values: [Double], limit: Double? = nil) -> String {
            TrendChart(
                id: "a", title: "Size",
                points: values.enumerated().map {
                    TrendChart.Point(time: SampleFleet.hoursAgo(Double(-$0)), value: $1)
                }, limit: limit, spoken: { "\(Int($0)) B" }
            ).text
        }
        #expect(chart([1]) == "")
        #expect(chart([.nan, 1]) == "")
        #expect(chart([1, 2, 3]).contains("3 values from"))
        #expect(chart([1, 2, 3]).contains("1 B to 3 B, the newest 3 B"))
        #expect(chart([1, 2, 3]).contains("class=\"last\""))
        #expect(chart([1, 2, 3], limit: 2).contains("class=\"last odd\""))
        #expect(chart([5, 5]).contains("points=\"4.00,30.00 196.00,30.00\""))
    }
}
