import Testing

@testable import Commands

@Suite struct RuleFileTests {
    private let text = """
        # Head.
        groups:
          - name: first
            rules:
              # Always.
              - alert: Watchdog
                expr: vector(1)
                labels:
                  severity: none
                annotations:
                  runbook_url: https://old.example/docs/Watchdog.md

          # About the second.
          - name: second
            rules:
              - alert: Down
                expr: up == 0
                labels:
                  severity: critical
                  team: all
                annotations:
                  runbook_url: https://old.example/docs/Down.md

        """

    @Test func whatIsReadIsWrittenAgain() {
        #expect(RuleFile(text).text == text)
        #expect(RuleFile(ShippedRules.text).text == ShippedRules.text)
        #expect(RuleFile(text).alerts == ["Watchdog", "Down"])
        #expect(RuleFile(text).alerts(of: "second") == ["Down"])
    }

    @Test func labelsAreAddedAndReplaceThoseOfTheirName() throws {
        var file = RuleFile(text)
        file.add([try RuleLabel("severity=page"), try RuleLabel("note=a \"b\" # c")])
        let lines = file.text.split(separator: "\n")
        #expect(
            lines.filter { $0.hasPrefix("          ") && $0.contains("severity") } == [
                "          severity: none", "          severity: \"page\"",
            ])
        #expect(lines.count { $0 == #"          note: "a \"b\" # c""# } == 2)
        #expect(lines.count { $0 == "          team: all" } == 1)
    }

    @Test func aGroupGoesWithWhatIsSaidAboveIt() {
        var file = RuleFile(text)
        file.remove(group: "second")
        #expect(!file.text.contains("second"))
        #expect(file.text.hasSuffix("Watchdog.md\n"))
        file = RuleFile(text)
        file.remove(group: "first")
        #expect(file.text.hasPrefix("# Head.\ngroups:\n  # About the second.\n  - name: second\n"))
    }

    @Test func runbooksMove() {
        var file = RuleFile(text)
        file.moveRunbooks(to: "https://wiki.example/x//")
        #expect(file.text.contains("runbook_url: https://wiki.example/x/Down.md\n"))
        #expect(!file.text.contains("old.example"))
    }

    @Test func everyAlertThatNeedsSomethingIsOneThatIsShipped() {
        let shipped = Set(RuleFile(ShippedRules.text).alerts)
        #expect(shipped.count > 15)
        #expect(Set(RuleNeeds.alerts).subtracting(shipped) == [])
    }

    @Test(arguments: ["severity", "=x", "1a=x", "__a=x", "a-b=x", "alertname=x", "database=x", "a="])
    func labelsThatCantBe(text: String) {
        #expect(throws: (any Error).self) { try RuleLabel(text) }
    }

    @Test func aLabelMayHoldAnEqualsSign() throws {
        let label = try RuleLabel("a_1=b=c")
        #expect(label.name == "a_1")
        #expect(label.value == "b=c")
    }
}
