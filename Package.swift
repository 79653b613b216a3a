// swift-tools-version: 6.2
import PackageDescription

/// Settings of every Swift target: Swift 6 mode and the import rules of docs/architecture.md.
let swiftSettings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

func target(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: swiftSettings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency] = [], excluding files: [String] = []) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: [.init(stringLiteral: name)] + dependencies, exclude: files,
        swiftSettings: swiftSettings)
}

let log: Target.Dependency = .product(name: "Logging", package: "swift-log")
let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")

let package = Package(
    name: "restorable",
    products: [.executable(name: "restorable", targets: ["restorable"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
    ],
    targets: [
        // System libraries: module maps and inline shims only.
        .systemLibrary(name: "CISAL", pkgConfig: "libisal", providers: [.apt(["libisal-dev"])]),
        .systemLibrary(name: "CPQ", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "CArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CLinux"),

        // The way of the data, bottom up.
        target("Backups"),
        target("Processes", ["Backups", "CLinux"]),
        target("Integrity", ["Backups", "CISAL", "CArchive", "CCrypto"]),
        target("PostgreSQL", ["Backups", "Integrity", "Processes", "CPQ", "CLinux", log]),
        target("Verification", ["Backups", "Integrity", "Processes", "PostgreSQL", log]),
        target("Reports", ["Backups"]),
        target("Exposition", ["CZlib"]),
        target("Collectors", ["Backups", "Exposition"]),
        target("Settings", ["Backups", yams]),
        target(
            "Commands",
            [
                "Backups", "Integrity", "Processes", "PostgreSQL", "Verification", "Reports", "Settings", "CLinux",
                log, argumentParser,
            ]),
        .executableTarget(name: "restorable", dependencies: ["Commands"], swiftSettings: swiftSettings),

        // Throw-away servers and damaged backups, for tests only.
        target("TestSupport", ["Backups", "Integrity", "Processes", "PostgreSQL", "CPQ", log]),
        tests("TestSupport"),
        tests("Backups", ["TestSupport"]),
        tests("Integrity", ["TestSupport", "CZlib"]),
        // A program that holds a scratch server, for tests to kill.
        .executableTarget(
            name: "scratch-fixture", dependencies: ["Backups", "PostgreSQL", log], path: "Tests/ScratchFixture",
            swiftSettings: swiftSettings),
        tests("PostgreSQL", ["Integrity", "Backups", "Processes", "TestSupport", "CLinux", log]),
        tests("Verification", ["PostgreSQL", "Integrity", "Backups", "Processes", "TestSupport", log]),
        tests("Reports", ["Backups", "TestSupport"]),
        tests("Settings", ["Backups", "TestSupport"]),
        tests("Exposition", ["TestSupport", "CZlib"], excluding: ["Golden"]),
        tests("Collectors", ["Backups", "Exposition", "TestSupport"], excluding: ["Golden"]),
        tests(
            "Commands",
            ["Verification", "PostgreSQL", "Integrity", "Backups", "Processes", "TestSupport", log, argumentParser]),
        .testTarget(name: "ArchitectureTests", swiftSettings: swiftSettings),
    ]
)
