/**
 * Purpose: what Chromium's administrator forbids on a kiosk, as its managed policy: every address but the agent's, and
 *   every dialog, file, tool, account and extension. It holds also when the page or the shell have an error.
 * Refuses: nothing by itself; Chromium reads it from a folder of root's (Linux) or the registry (Windows) at its start.
 * Document: kiosk-app/LOCK.md, "The browser".
 */

/** Of the policies with three settings. */
const BLOCK = 2;
/** Of those that say where a feature is available. */
const NOWHERE = 1;

/** The agent's origin, `http://127.0.0.1:PORT`, is the one address that may be opened. */
export function managedPolicy(origin: string): Readonly<Record<string, unknown>> {
  return {
    URLBlocklist: ['*'],
    URLAllowlist: [origin],
    // Windows, tools, files
    DeveloperToolsAvailability: 2,
    IncognitoModeAvailability: NOWHERE,
    BrowserGuestModeEnabled: false,
    BrowserAddPersonEnabled: false,
    BrowserSignin: 0,
    SyncDisabled: true,
    DefaultPopupsSetting: BLOCK,
    ExtensionInstallBlocklist: ['*'],
    ExtensionInstallForcelist: [],
    TaskManagerEndProcessEnabled: false,
    AllowFileSelectionDialogs: false,
    DownloadRestrictions: 3,
    PrintingEnabled: false,
    PrintPreviewUseSystemDefaultPrinter: false,
    DisableScreenshots: true,
    AllowDinosaurEasterEgg: false,
    BookmarkBarEnabled: false,
    EditBookmarksEnabled: false,
    ShowHomeButton: false,
    HomepageLocation: origin,
    NewTabPageLocation: origin,
    RestoreOnStartup: 5,
    BackgroundModeEnabled: false,
    // What a page could ask a citizen
    DefaultGeolocationSetting: BLOCK,
    DefaultNotificationsSetting: BLOCK,
    DefaultWebUsbGuardSetting: BLOCK,
    DefaultWebBluetoothGuardSetting: BLOCK,
    DefaultSerialGuardSetting: BLOCK,
    DefaultWebHidGuardSetting: BLOCK,
    DefaultSensorsSetting: BLOCK,
    DefaultFileSystemReadGuardSetting: BLOCK,
    DefaultFileSystemWriteGuardSetting: BLOCK,
    DefaultClipboardSetting: BLOCK,
    DefaultLocalFontsSetting: BLOCK,
    DefaultWindowManagementSetting: BLOCK,
    AudioCaptureAllowed: false,
    VideoCaptureAllowed: false,
    ScreenCaptureAllowed: false,
    // What the browser offers by itself
    PasswordManagerEnabled: false,
    AutofillAddressEnabled: false,
    AutofillCreditCardEnabled: false,
    PaymentMethodQueryEnabled: false,
    TranslateEnabled: false,
    SpellcheckEnabled: false,
    SearchSuggestEnabled: false,
    DefaultSearchProviderEnabled: false,
    AlternateErrorPagesEnabled: false,
    PromotionsEnabled: false,
    MediaRecommendationsEnabled: false,
    EnableMediaRouter: false,
    SharedClipboardEnabled: false,
    BrowserLabsEnabled: false,
    QRCodeGeneratorEnabled: false,
    // It speaks to nobody but the agent
    NetworkPredictionOptions: 2,
    SafeBrowsingProtectionLevel: 0,
    MetricsReportingEnabled: false,
    UrlKeyedAnonymizedDataCollectionEnabled: false,
    ComponentUpdatesEnabled: false,
    BuiltInDnsClientEnabled: false,
    DnsOverHttpsMode: 'off',
    SavingBrowserHistoryDisabled: true,
    ForceEphemeralProfiles: true,
  };
}

/** By what is in force and what should be: the names that differ. */
export function policyDiffers(found: unknown, wanted: Readonly<Record<string, unknown>>): readonly string[] {
  const given = typeof found === 'object' && found !== null ? (found as Record<string, unknown>) : {};
  return Object.keys(wanted).filter((name) => JSON.stringify(given[name]) !== JSON.stringify(wanted[name]));
}
