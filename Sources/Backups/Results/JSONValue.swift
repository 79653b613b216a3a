/// A JSON value whose objects keep the order of their keys, so that what we print is the same bytes each time and reads
/// in the order of its documentation.
package indirect enum JSONValue: Sendable, Equatable {
    case null
    case bool(Bool)
    case integer(Int64)
    case unsigned(UInt64)
    /// Written with at most three decimals.
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([Member])

    package struct Member: Sendable, Equatable {
        package let key: String
        package let value: JSONValue

        package init(_ key: String, _ value: JSONValue) {
            self.key = key
            self.value = value
        }
    }

    /// `null` for `nil`: a key of the contract is never left out.
    package static func optional(_ text: (some CustomStringConvertible)?) -> JSONValue {
        text.map { .string($0.description) } ?? .null
    }

    package static func optional(_ number: UInt64?) -> JSONValue {
        number.map { .unsigned($0) } ?? .null
    }

    package static func optional(_ number: Double?) -> JSONValue {
        number.map { .number($0) } ?? .null
    }
}
