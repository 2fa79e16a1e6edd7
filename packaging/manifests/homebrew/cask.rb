cask "{{package}}-app" do
  version "{{version}}"
  sha256 "{{dmgSha256}}"

  url "{{repository}}/releases/download/v#{version}/{{package}}_#{version}_universal.dmg"
  name "{{name}}"
  desc "{{summary}}"
  homepage "{{repository}}"

  depends_on macos: ">= :big_sur"

  app "{{name}}.app"
  binary "#{appdir}/{{name}}.app/Contents/MacOS/token-monitor"

  uninstall quit: "io.github.token-monitor.app"

  zap trash: [
    "~/.config/token-monitor",
    "~/Library/Caches/io.github.token-monitor.app",
    "~/Library/LaunchAgents/Token Monitor.plist",
    "~/Library/WebKit/io.github.token-monitor.app",
  ]
end
