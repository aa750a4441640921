namespace RecoAspire.Ops.Import.Demo;

/// <summary>The words of which the invented broadcaster is made. Names of people and programmes are invented.</summary>
internal static class DemoWords
{
    public static readonly string[] FirstNames =
    [
        "Aïssatou", "Amélie", "Antoine", "Awa", "Bastien", "Camille", "Chloé", "Clémence", "Désiré", "Élodie", "Émile", "Fatou", "Félix", "Gaëlle", "Hélène", "Idrissa", "Inès", "Jérôme",
        "Karim", "Léa", "Loïc", "Maïmouna", "Margaux", "Mathis", "Moussa", "Nadia", "Noémie", "Océane", "Ousmane", "Pauline", "Raphaël", "Salomé", "Samba", "Théo", "Valérie", "Yasmine", "Zoé",
    ];

    public static readonly string[] FamilyNames =
    [
        "Archambault", "Baudry", "Beaulieu", "Benali", "Bouchard", "Chauvet", "Cissé", "Côté", "Delacroix-Morin", "Desrosiers", "Diabaté", "Diop-Lemaire", "Fontanel", "Gagné", "Girardet",
        "Haddad", "Kaboré", "Keïta", "Lachance", "Lambrecht", "Leclère", "Mbaye", "Mercier", "N'Guessan", "Ouédraogo", "Pelletier", "Quesnel", "Rochat", "Sarr", "Thibodeau", "Traoré",
        "Van den Broeck", "Verreault", "Vuilleumier", "Zerbib",
    ];

    public static readonly (string Name, string[] Territories)[] Channels =
    [
        ("Canal Monde", []), ("Canal Monde Afrique", ["SN", "CI", "ML", "BF", "CM", "TN", "MA", "DZ", "BJ", "TG"]), ("Canal Monde Europe", ["FR", "BE", "CH", "LU", "MC"]),
        ("Canal Monde Amériques", ["CA", "US", "HT"]), ("Canal Savoirs", []), ("Canal Jeunesse", []),
    ];

    public static readonly (string Code, string City, string Of)[] Places =
    [
        ("FR", "Paris", "de Paris"), ("FR", "Marseille", "de Marseille"), ("FR", "Lyon", "de Lyon"), ("FR", "Brest", "de Brest"), ("BE", "Bruxelles", "de Bruxelles"), ("BE", "Liège", "de Liège"),
        ("CH", "Genève", "de Genève"), ("CH", "Lausanne", "de Lausanne"), ("CA", "Montréal", "de Montréal"), ("CA", "Québec", "de Québec"), ("SN", "Dakar", "de Dakar"),
        ("SN", "Saint-Louis", "de Saint-Louis"), ("CI", "Abidjan", "d'Abidjan"), ("ML", "Bamako", "de Bamako"), ("BF", "Ouagadougou", "de Ouagadougou"), ("TN", "Tunis", "de Tunis"),
        ("MA", "Casablanca", "de Casablanca"), ("LU", "Luxembourg", "de Luxembourg"), ("HT", "Port-au-Prince", "de Port-au-Prince"), ("CM", "Douala", "de Douala"),
    ];

    /// <summary>Territories of the demo's viewers, the more often named the more viewers.</summary>
    public static readonly string[] ViewerTerritories = ["FR", "FR", "FR", "FR", "BE", "BE", "CH", "CH", "CA", "CA", "CA", "SN", "SN", "CI", "CI", "MA", "TN", "CM", "LU", "US"];

    /// <summary>Tastes: a genre, the themes that go with it, and words for its titles.</summary>
    public static readonly (string Genre, string[] Themes, string[] Nouns)[] Tastes =
    [
        ("policier", ["enquête", "justice", "crime"], ["L'Affaire", "La Disparue", "Le Témoin", "L'Enquête", "Le Silence", "La Brigade"]),
        ("comédie", ["famille", "amitié", "quiproquo"], ["Les Voisins", "La Belle-Mère", "Les Cousins", "Le Mariage", "La Colocation", "Les Vacances"]),
        ("drame", ["exil", "deuil", "secret de famille"], ["L'Absence", "Les Héritiers", "La Promesse", "Le Retour", "L'Hiver", "Les Adieux"]),
        ("histoire", ["guerre", "mémoire", "patrimoine"], ["Les Bâtisseurs", "La Route", "Le Siège", "Les Archives", "La Reine", "Le Temps"]),
        ("nature", ["océan", "montagne", "animaux"], ["Le Grand Fleuve", "Les Gardiens", "La Forêt", "Les Îles", "Le Peuple des glaces", "La Savane"]),
        ("science", ["espace", "santé", "climat"], ["Les Défis", "Le Laboratoire", "L'Énigme", "La Planète", "Les Inventeurs", "Le Cerveau"]),
        ("cuisine", ["terroir", "chef", "marché"], ["Les Saveurs", "La Table", "Les Épices", "Le Goût", "La Cuisine", "Les Marchés"]),
        ("musique", ["concert", "chanson", "jazz"], ["La Voix", "Les Nuits", "Le Bal", "La Scène", "Le Rythme", "Les Refrains"]),
        ("sport", ["football", "cyclisme", "voile"], ["Le Match", "La Course", "Les Championnes", "Le Vestiaire", "La Régate", "L'Étape"]),
        ("voyage", ["découverte", "ville", "train"], ["Carnets", "Les Escales", "La Traversée", "Les Chemins", "La Ligne", "Les Portes"]),
        ("jeunesse", ["animation", "école", "aventure"], ["Les Petits Explorateurs", "La Cabane", "Le Trésor", "Les Robots", "La Baleine", "Le Cerf-volant"]),
        ("actualité", ["politique", "économie", "société"], ["Le Débat", "Le Grand Angle", "L'Entretien", "Décryptage", "Regards", "La Semaine"]),
    ];

    public static readonly string[] Complements = ["du fleuve", "de minuit", "des sables", "du nord", "oubliée", "de l'aube", "sans retour", "du large", "de verre", "des cimes", "en héritage", "des étoiles"];

    public static readonly string[] Plots =
    [
        "À {0}, {1} croise le destin de {2} : une histoire de {3} où rien n'est joué d'avance.",
        "{1} revient à {0} après dix ans d'absence et découvre que {2} cache un secret lié à {3}.",
        "Entre {0} et le reste du monde, {1} et {2} racontent {3} comme on ne l'a jamais vu.",
        "Une plongée au cœur de {0} : {1} mène l'enquête, {2} doute, et {3} change tout.",
        "Portrait sensible de {0} à travers {1} et {2}, sur fond de {3}.",
    ];
}
