"""Where made-up people live: their names, places, legal forms and ways to write a phone number."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Country:
    """Where people live, what they are called there, and how they write phone numbers.

    `share`: people of 100. `two_surnames`: chance of a second surname, joined by `between`.
    `places`: (city, state). `phone_formats`: ways of writing one number, of which {p} is the
    prefix and the rest single digits; `phone_digits` says how many.
    """

    share: int
    spellings: tuple[str, ...]
    tld: str
    first_names: tuple[str, ...]
    last_names: tuple[str, ...]
    two_surnames: float
    between: str
    places: tuple[tuple[str, str], ...]
    legal_forms: tuple[str, ...]
    phone_prefixes: tuple[str, ...]
    phone_digits: int
    phone_formats: tuple[str, ...]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _listed(text: str) -> tuple[str, ...]:
    return tuple(" ".join(item.split()) for item in text.split(";"))


def _places(text: str) -> tuple[tuple[str, str], ...]:
    pairs = (place.partition("/") for place in _listed(text))
    return tuple((city, state) for city, _, state in pairs)


UNITED_STATES = Country(
    34,
    ("United States", "USA", "US", "United States of America"),
    "com",
    _words(
        """James Mary Robert Patricia John Jennifer Michael Linda David Elizabeth William Barbara
        Richard Susan Joseph Jessica Thomas Karen Christopher Sarah Charles Lisa Daniel Nancy
        Matthew Sandra Anthony Betty Mark Ashley Donald Emily Steven Kimberly Andrew Margaret Paul
        Donna Joshua Michelle Kenneth Carol Kevin Amanda Brian Melissa George Deborah Timothy
        Stephanie Ronald Rebecca Jason Sharon Edward Laura Jeffrey Cynthia Ryan Dorothy Jacob Amy
        Gary Kathleen Nicholas Angela Eric Shirley Jonathan Emma Stephen Brenda Larry Pamela
        Justin Nicole Scott Anna Brandon Samantha Benjamin Katherine Samuel Christine Gregory
        Debra Alexander Rachel Patrick Carolyn Frank Janet Raymond Maria Jack Olivia Dennis
        Heather Jerry Helen Tyler Catherine Aaron Diane Jose Julie Adam Victoria Nathan Joyce"""
    ),
    _words(
        """Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Hernandez
        Lopez Gonzalez Wilson Anderson Thomas Taylor Moore Jackson Martin Lee Perez Thompson White
        Harris Sanchez Clark Ramirez Lewis Robinson Walker Young Allen King Wright Scott Torres
        Nguyen Hill Flores Green Adams Nelson Baker Hall Rivera Campbell Mitchell Carter Roberts
        Gomez Phillips Evans Turner Diaz Parker Cruz Edwards Collins Reyes Stewart Morris Morales
        Murphy Cook Rogers Gutierrez Ortiz Morgan Cooper Peterson Bailey Reed Kelly Howard Ramos
        Kim Cox Ward Richardson Watson Brooks Chavez Wood James Bennett Gray Mendoza Ruiz Hughes
        Price Alvarez Castillo Sanders Patel Myers Long Ross Foster Jimenez Powell Jenkins Perry
        Russell Sullivan Bell Coleman Butler Henderson Barnes Gonzales Fisher Vasquez Simmons
        Romero Jordan Patterson Alexander Hamilton Graham Reynolds Griffin Wallace Moreno West Cole
        Hayes Bryant Herrera Gibson Ellis Tran Medina Aguilar Stevens Murray Ford Castro Marshall
        Owens Harrison Fernandez McDonald Woods Washington Kennedy Wells Vargas Henry O'Brien"""
    ),
    0.04,
    "-",
    _places(
        """New York/NY; Los Angeles/CA; Chicago/IL; Houston/TX; Phoenix/AZ; Philadelphia/PA;
        San Antonio/TX; San Diego/CA; Dallas/TX; Austin/TX; San Jose/CA; Columbus/OH; Seattle/WA;
        Denver/CO; Boston/MA; Nashville/TN; Portland/OR; Atlanta/GA; Miami/FL; Minneapolis/MN;
        Raleigh/NC; Salt Lake City/UT; Pittsburgh/PA; St. Louis/MO; Kansas City/MO"""
    ),
    ("Inc.", "LLC", "Corp.", "Co.", "", ""),
    _words(
        """201 202 203 205 206 207 208 209 210 212 213 214 215 216 217 218 219 224 225 228 229 231
        234 239 240 248 251 252 253 254 256 260 262 267 269 270 276 281 301 302 303 304 305 307 308
        309 310 312 313 314 315 316 317 318 319 320 321 323 325 330 334 336 337 339 347 351 352 360
        361 386 401 402 404 405 406 407 408 409 410 412 413 414 415 417 419 423 425 430 432 434 435
        440 443 469 478 479 480 484 501 502"""
    ),
    6,
    (
        "({p}) 5{}{}-{}{}{}{}",
        "+1 {p}-5{}{}-{}{}{}{}",
        "{p}.5{}{}.{}{}{}{}",
        "1{p}5{}{}{}{}{}{}",
    ),
)

UNITED_KINGDOM = Country(
    12,
    ("United Kingdom", "UK", "Great Britain", "GB"),
    "co.uk",
    _words(
        """Oliver Olivia George Amelia Harry Isla Jack Ava Jacob Emily Noah Sophie Charlie Grace
        Muhammad Lily Thomas Freya Oscar Ella William Charlotte James Poppy Henry Daisy Leo Alice
        Alfie Florence Joshua Phoebe Freddie Evie Archie Rosie Ethan Imogen Isaac Harriet Alexander
        Matilda Samuel Eleanor Edward Georgia Adam Hannah Callum Bethan Rhys Niamh Fiona Siobhan"""
    ),
    _words(
        """Smith Jones Taylor Brown Williams Wilson Johnson Davies Patel Robinson Wright Thompson
        Evans Walker White Roberts Green Hall Wood Jackson Clarke Khan Lewis Harris Clark Hughes
        Ward Turner Cooper Hill Morris Moore Ahmed Baker Harrison King Allen Morgan Lee Parker
        James Bennett Young Phillips Richardson Watson Shaw Begum Bell Chapman Mason Webb Rogers
        Gray Hunt Mills Holmes Palmer Knight Lloyd Butler Russell Barker Fisher Stevens Murray
        Dixon MacDonald Fraser Campbell Murphy Kelly O'Connor Singh Hussain Ashworth Pemberton"""
    ),
    0.06,
    "-",
    _places(
        """London/England; Manchester/England; Birmingham/England; Leeds/England; Bristol/England;
        Liverpool/England; Sheffield/England; Cambridge/England; Oxford/England; Glasgow/Scotland;
        Edinburgh/Scotland; Aberdeen/Scotland; Cardiff/Wales; Belfast/Northern Ireland; York/"""
    ),
    ("Ltd", "Limited", "plc", "LLP", ""),
    ("7400", "7411", "7500", "7520", "7700", "7712", "7800", "7850", "7900", "7950"),
    6,
    (
        "+44 {p} {}{}{} {}{}{}",
        "0{p} {}{}{}{}{}{}",
        "+44 (0){p} {}{}{}{}{}{}",
        "0044{p}{}{}{}{}{}{}",
    ),
)

GERMANY = Country(
    14,
    ("Germany", "Deutschland", "DE", "germany"),
    "de",
    _words(
        """Andreas Sabine Thomas Petra Michael Susanne Stefan Claudia Peter Andrea Wolfgang Nicole
        Jürgen Julia Christian Stefanie Klaus Katrin Markus Anna Sebastian Laura Tobias Lena
        Alexander Sarah Daniel Jana Florian Lisa Matthias Katharina Martin Christina Jan Melanie
        Björn Anja Jörg Heike Günther Birgit Uwe Ute Frank Silke Dirk Kerstin Maximilian Sophie
        Felix Hannah Lukas Mia Jonas Emma Leon Marie Paul Johanna Moritz Franziska Elif Mehmet"""
    ),
    _words(
        """Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch
        Bauer Richter Klein Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann Hartmann
        Lange Schmitt Werner Krause Lehmann Köhler Maier König Mayer Huber Kaiser Fuchs Peters
        Scholz Möller Weiß Jung Hahn Schubert Vogel Friedrich Keller Günther Frank Berger Winkler
        Roth Beck Lorenz Baumann Franke Albrecht Schuster Simon Ludwig Böhm Winter Kraus Martin
        Schumacher Krämer Vogt Stein Jäger Otto Sommer Groß Seidel Heinrich Brandt Haas Yılmaz"""
    ),
    0.08,
    "-",
    _places(
        """Berlin/Berlin; Hamburg/Hamburg; München/Bayern; Köln/Nordrhein-Westfalen;
        Frankfurt am Main/Hessen; Stuttgart/Baden-Württemberg; Düsseldorf/Nordrhein-Westfalen;
        Leipzig/Sachsen; Dortmund/NRW; Essen/NRW; Bremen/Bremen; Dresden/Sachsen; Hannover/;
        Nürnberg/Bayern; Bielefeld/; Bonn/; Karlsruhe/; Münster/; Augsburg/Bayern; Kiel/"""
    ),
    ("GmbH", "AG", "GmbH & Co. KG", "KG", "UG (haftungsbeschränkt)", "SE"),
    ("1511", "1512", "1601", "1621", "1701", "1711", "1721", "1731", "1751", "1761"),
    7,
    (
        "+49 {p} {}{}{}{}{}{}{}",
        "0{p} / {}{}{} {}{} {}{}",
        "+49 (0) {p} {}{}{}{}{}{}{}",
        "0049{p}{}{}{}{}{}{}{}",
    ),
)

FRANCE = Country(
    9,
    ("France", "FR", "FRANCE"),
    "fr",
    _words(
        """Jean Marie Pierre Nathalie Michel Isabelle Philippe Sylvie Alain Catherine Nicolas
        Céline Christophe Stéphanie Sébastien Aurélie Frédéric Sandrine François Valérie Éric
        Véronique Jérôme Hélène Olivier Émilie Julien Camille Thomas Chloé Antoine Manon Maxime
        Léa Alexandre Mathilde Hugo Pauline Romain Charlotte Benoît Anaïs Loïc Élodie Karim Fatima
        Jean-Pierre Marie-Claude Jean-Luc Anne-Sophie"""
    ),
    _words(
        """Martin Bernard Thomas Petit Robert Richard Durand Dubois Moreau Laurent Simon Michel
        Lefebvre Leroy Roux David Bertrand Morel Fournier Girard Bonnet Dupont Lambert Fontaine
        Rousseau Vincent Müller Lefèvre Faure André Mercier Blanc Guérin Boyer Garnier Chevalier
        François Legrand Gauthier Garcia Perrin Robin Clément Morin Nicolas Henry Roussel Mathieu
        Gautier Masson Marchand Duval Denis Dumont Marie Lemaire Noël Meyer Dufour Meunier Benali
        Brun Blanchard Giraud Joly Rivière Lucas Brunet Gaillard Barbier Arnaud Martinez Gérard"""
    ),
    0.05,
    "-",
    _places(
        """Paris/Île-de-France; Lyon/Auvergne-Rhône-Alpes; Marseille/PACA; Toulouse/Occitanie;
        Nice/; Nantes/Pays de la Loire; Strasbourg/Grand Est; Montpellier/; Bordeaux/; Lille/;
        Rennes/Bretagne; Reims/; Grenoble/; Dijon/; Saint-Étienne/"""
    ),
    ("SA", "SARL", "SAS", "S.A.S.", ""),
    ("61", "62", "63", "64", "65", "66", "67", "68", "75", "76"),
    7,
    (
        "+33 {p[0]} {p[1]}{} {}{} {}{} {}{}",
        "0{p[0]} {p[1]}{} {}{} {}{} {}{}",
        "0{p}{}{}{}{}{}{}{}",
        "+33 (0){p}.{}{}.{}{}.{}{}{}",
    ),
)

SPAIN = Country(
    8,
    ("Spain", "España", "ES"),
    "es",
    _words(
        """Antonio María Manuel Carmen José Ana Francisco Isabel David Laura Juan Cristina Javier
        Marta Daniel Lucía Carlos Elena Jesús Raquel Alejandro Pilar Miguel Sara Rafael Rosario
        Pedro Mercedes Ángel Beatriz Pablo Rocío Sergio Nuria Fernando Silvia Jorge Paula Luis
        Irene Alberto Alba Álvaro Patricia Diego Andrea Adrián Inés Raúl Noelia Iván Verónica"""
    ),
    _words(
        """García Rodríguez González Fernández López Martínez Sánchez Pérez Gómez Martín Jiménez
        Hernández Ruiz Díaz Moreno Muñoz Álvarez Romero Gutiérrez Alonso Navarro Torres Domínguez
        Ramos Vázquez Ramírez Gil Serrano Morales Molina Blanco Suárez Castro Ortega Delgado Ortiz
        Marín Rubio Núñez Medina Sanz Castillo Iglesias Cortés Garrido Santos Guerrero Lozano Cano
        Cruz Méndez Flores Prieto Herrera Peña León Márquez Cabrera Gallego Calvo Vidal Campos"""
    ),
    0.7,
    " ",
    _places(
        """Madrid/Madrid; Barcelona/Cataluña; Valencia/Valencia; Sevilla/Andalucía; Zaragoza/;
        Málaga/Andalucía; Murcia/; Palma/Baleares; Bilbao/País Vasco; Alicante/; Vigo/Galicia"""
    ),
    ("S.L.", "S.A.", "SLU", ""),
    ("60", "61", "62", "63", "64", "65", "66", "67", "68", "69"),
    7,
    (
        "+34 {p}{} {}{}{} {}{}{}",
        "{p}{} {}{} {}{} {}{}",
        "{p}{}{}{}{}{}{}{}",
        "0034 {p}{}{}{}{}{}{}{}",
    ),
)

ITALY = Country(
    6,
    ("Italy", "Italia", "IT"),
    "it",
    _words(
        """Giuseppe Maria Giovanni Anna Antonio Giulia Mario Rosa Luigi Francesca Francesco Chiara
        Angelo Sara Vincenzo Martina Pietro Elena Salvatore Valentina Carlo Alessia Franco Silvia
        Marco Federica Alessandro Laura Andrea Paola Stefano Elisa Matteo Ilaria Davide Giorgia
        Lorenzo Roberta Luca Sofia Simone Aurora Nicolò Beatrice Riccardo Camilla Tommaso Noemi"""
    ),
    _words(
        """Rossi Russo Ferrari Esposito Bianchi Romano Colombo Ricci Marino Greco Bruno Gallo Conti
        Costa Giordano Mancini Rizzo Lombardi Moretti Barbieri Fontana Santoro Mariani Rinaldi
        Caruso Ferrara Galli Martini Leone Longo Gentile Martinelli Vitale Lombardo Serra Coppola
        D'Angelo Marchetti Parisi Villa Conte Ferraro Ferri Fabbri Bianco Marini Grasso Valentini
        Messina Sala Gatti Pellegrini Palumbo Sanna Farina Rizzi Monti Cattaneo Morelli D'Amico"""
    ),
    0.05,
    " ",
    _places(
        """Roma/RM; Milano/MI; Napoli/NA; Torino/TO; Palermo/PA; Genova/GE; Bologna/BO;
        Firenze/FI; Bari/BA; Verona/VR; Padova/PD; Trieste/TS"""
    ),
    ("S.p.A.", "S.r.l.", "Srl", "SpA"),
    ("320", "328", "330", "333", "338", "340", "347", "348", "349", "392"),
    7,
    (
        "+39 {p} {}{}{}{}{}{}{}",
        "{p} {}{}{} {}{}{}{}",
        "{p}/{}{}{}{}{}{}{}",
        "0039 {p}{}{}{}{}{}{}{}",
    ),
)

BRAZIL = Country(
    6,
    ("Brazil", "Brasil", "BR"),
    "com.br",
    _words(
        """Maria José Ana João Antônio Francisca Francisco Antônia Carlos Adriana Paulo Juliana
        Pedro Márcia Lucas Fernanda Luiz Patrícia Marcos Aline Luís Sandra Gabriel Camila Rafael
        Amanda Daniel Bruna Marcelo Jéssica Bruno Letícia Eduardo Júlia Felipe Luciana Rodrigo
        Vanessa Manoel Mariana Gustavo Gabriela André Vitória Thiago Larissa Leonardo Beatriz"""
    ),
    _words(
        """Silva Santos Oliveira Souza Rodrigues Ferreira Alves Pereira Lima Gomes Costa Ribeiro
        Martins Carvalho Almeida Lopes Soares Fernandes Vieira Barbosa Rocha Dias Nascimento
        Andrade Moreira Nunes Marques Machado Mendes Freitas Cardoso Ramos Gonçalves Santana
        Teixeira Araújo Moura Batista Campos Cavalcanti Monteiro Correia Pinto Azevedo Melo
        Castro"""
    ),
    0.6,
    " ",
    _places(
        """São Paulo/SP; Rio de Janeiro/RJ; Brasília/DF; Salvador/BA; Fortaleza/CE;
        Belo Horizonte/MG; Manaus/AM; Curitiba/PR; Recife/PE; Porto Alegre/RS; Florianópolis/SC"""
    ),
    ("Ltda", "S.A.", "Ltda.", "EIRELI"),
    ("11", "19", "21", "31", "41", "47", "51", "61", "71", "81"),
    7,
    (
        "+55 {p} 9{}{}{}{}-{}{}{}8",
        "({p}) 9{}{}{}{}-{}{}{}8",
        "+55{p}9{}{}{}{}{}{}{}8",
        "0{p} 9{}{}{}{} {}{}{}8",
    ),
)

NETHERLANDS = Country(
    5,
    ("Netherlands", "The Netherlands", "Nederland", "NL"),
    "nl",
    _words(
        """Jan Maria Johannes Anna Pieter Johanna Hendrik Elisabeth Willem Cornelia Cornelis
        Wilhelmina Daan Emma Sem Sophie Thijs Julia Lars Lotte Bram Sanne Jeroen Femke Sander
        Marieke Bart Anouk Ruben Eva Niels Iris Maarten Esther Wouter Linda Joost Saskia Koen
        Mirjam Tim Fleur Martijn Annelies Gijs Noor Mohammed Fatima"""
    ),
    _listed(
        """de Jong; Jansen; de Vries; van den Berg; van Dijk; Bakker; Janssen; Visser; Smit; Meijer;
        de Boer; Mulder; de Groot; Bos; Vos; Peters; Hendriks; van Leeuwen; Dekker; Brouwer;
        de Wit; Dijkstra; Smits; de Graaf; van der Meer; van der Linden; Kok; Jacobs; de Haan;
        Vermeulen; van den Heuvel; van der Veen; van den Broek; de Bruijn; van der Heijden;
        Schouten; van Beek; Willems; van Vliet; Hoekstra; Maas; Verhoeven; Koster; van Dam;
        Prins; Blom; Huisman; Kuiper"""
    ),
    0.05,
    "-",
    _places(
        """Amsterdam/Noord-Holland; Rotterdam/Zuid-Holland; Den Haag/; Utrecht/Utrecht;
        Eindhoven/Noord-Brabant; Groningen/; Tilburg/; Almere/; Breda/; Nijmegen/; Haarlem/"""
    ),
    ("B.V.", "BV", "N.V.", "V.O.F."),
    ("61", "62", "63", "64", "65"),
    7,
    (
        "+31 {p[0]} {p[1]}{}{}{}{}{}{}{}",
        "0{p[0]}-{p[1]}{}{}{}{}{}{}{}",
        "0{p}{}{}{}{}{}{}{}",
        "0031 {p}{}{}{}{}{}{}{}",
    ),
)

INDIA = Country(
    6,
    ("India", "IN", "INDIA"),
    "in",
    _words(
        """Aarav Aanya Vivaan Ananya Aditya Diya Vihaan Ishita Arjun Kavya Sai Meera Reyansh Neha
        Krishna Pooja Ishaan Priya Rahul Shreya Rohan Sneha Amit Anjali Vikram Divya Suresh Lakshmi
        Rajesh Sunita Sanjay Geeta Anil Rekha Deepak Nisha Manoj Swati Ashok Kiran Ramesh Preeti
        Karthik Deepa Harish Shalini Naveen Vidya"""
    ),
    _words(
        """Sharma Verma Gupta Kumar Singh Patel Reddy Rao Nair Menon Iyer Iyengar Mehta Shah Desai
        Joshi Kulkarni Deshpande Patil Chavan Das Ghosh Banerjee Mukherjee Chatterjee Bose Sen Roy
        Kapoor Khanna Malhotra Chopra Arora Bhatia Sethi Agarwal Jain Mittal Saxena Srivastava
        Tiwari Mishra Pandey Yadav Naidu Pillai Krishnan Subramaniam Venkatesh Fernandes D'Souza"""
    ),
    0.02,
    " ",
    _places(
        """Mumbai/Maharashtra; Delhi/Delhi; Bengaluru/Karnataka; Hyderabad/Telangana;
        Chennai/Tamil Nadu; Kolkata/West Bengal; Pune/Maharashtra; Ahmedabad/Gujarat; Jaipur/;
        Kochi/Kerala; Noida/Uttar Pradesh; Gurugram/Haryana"""
    ),
    ("Pvt Ltd", "Private Limited", "Ltd", "LLP"),
    ("981", "982", "983", "984", "985", "986", "987", "988", "989", "990"),
    7,
    (
        "+91 {p}{}{} {}{}{}{}{}",
        "0{p}{}{}{}{}{}{}{}",
        "{p}{}{}{}{}{}{}{}",
        "+91-{p}{}{}{}{}{}{}{}",
    ),
)

COUNTRIES = (
    UNITED_STATES,
    UNITED_KINGDOM,
    GERMANY,
    FRANCE,
    SPAIN,
    ITALY,
    BRAZIL,
    NETHERLANDS,
    INDIA,
)
