import Backups
import Testing

@Suite struct IndentedJSONTests {
    @Test func whatIsShortStaysOnItsLine() {
        let value = JSONValue.object([
            .init("a", .array([.integer(1), .string("x\"")])), .init("none", .object([])),
            .init("deep", .object([.init("b", .object([.init("c", .null)]))])),
            .init("long", .array((0..<4).map { .string(String(repeating: "\($0)", count: 30)) })),
        ])
        #expect(
            value.indentedText == """
                {
                  "a": [1, "x\\""],
                  "none": {},
                  "deep": {
                    "b": { "c": null }
                  },
                  "long": [
                    "000000000000000000000000000000",
                    "111111111111111111111111111111",
                    "222222222222222222222222222222",
                    "333333333333333333333333333333"
                  ]
                }
                """)
    }

    @Test(arguments: [JSONValue.null, .bool(true), .integer(-1), .string("a"), .array([])])
    func plainValuesAreThemselves(value: JSONValue) {
        #expect(value.indentedText == value.text)
    }
}
