import Backups
import GRDB

/// Values of the domain as they are kept; what is not known is NULL.
extension DatabaseValue {
    static func count(_ number: UInt64?) -> DatabaseValue {
        // By its bits: a conversion would trap above Int64.max.
        number.map { Int64(bitPattern: $0).databaseValue } ?? .null
    }

    static func time(_ moment: Timestamp?) -> DatabaseValue {
        moment.map { $0.microseconds.databaseValue } ?? .null
    }

    static func code(_ value: (some RawRepresentable<String>)?) -> DatabaseValue {
        value.map { $0.rawValue.databaseValue } ?? .null
    }

    static func number(_ value: Double?) -> DatabaseValue {
        value.map { $0.databaseValue } ?? .null
    }

    static func key(_ value: Int64?) -> DatabaseValue {
        value.map { $0.databaseValue } ?? .null
    }
}
